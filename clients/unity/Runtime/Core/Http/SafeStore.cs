using System;
using System.Collections.Generic;

namespace Statkeep
{
    /// <summary>The store, with keys of this profile. If it fails, values are held in memory.</summary>
    internal sealed class SafeStore
    {
        readonly IStore store;
        readonly string prefix;
        readonly Reporter reporter;
        readonly Dictionary<string, string> unsaved = new Dictionary<string, string>();

        internal SafeStore(IStore store, string profile, Reporter reporter)
        {
            this.store = store;
            this.reporter = reporter;
            prefix = "statkeep." + profile + ".";
        }

        internal string Read(string key)
        {
            if (unsaved.TryGetValue(key, out string value)) return value;
            try
            {
                return store.Read(prefix + key);
            }
            catch (Exception)
            {
                Report();
                return null;
            }
        }

        internal void Update(string key, Func<string, string> change)
        {
            string changed = null;
            bool isChanged = false;
            string Once(string current)
            {
                changed = change(unsaved.TryGetValue(key, out string newer) ? newer : current);
                isChanged = true;
                return changed;
            }
            try
            {
                store.Update(prefix + key, Once);
                unsaved.Remove(key);
            }
            catch (Exception fault) when (!(fault is StatkeepException))
            {
                Report();
                if (!isChanged) changed = change(unsaved.TryGetValue(key, out string last) ? last : null);
                unsaved[key] = changed;
            }
        }

        void Report() =>
            reporter.Log(LogLevel.Error, "The store failed; changes are kept only while the game runs.");
    }
}
