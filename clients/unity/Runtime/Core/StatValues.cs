using System;
using System.Collections.Generic;

namespace Statkeep
{
    /// <summary>The value of each stat. Includes stats that this version of the client does not know.</summary>
    public sealed class StatValues
    {
        readonly Dictionary<string, long> values = new Dictionary<string, long>();

        public IReadOnlyDictionary<string, long> All => values;

        /// <summary>0 for a stat that the service does not have.</summary>
        public long this[string stat] => values.TryGetValue(stat, out long value) ? value : 0;

        internal static StatValues Read(JsonValue from)
        {
            StatValues stats = new StatValues();
            foreach (string name in from.Members.Keys) stats.values[name] = Fields.Long(from, name);
            return stats;
        }
    }

    /// <summary>Changes of one player's stats: <c>new StatChanges { { Stat.MeleeAtkXp, 25 }, { Stat.HealthXp, -5 } }</c>.</summary>
    public sealed class StatChanges : IEnumerable<KeyValuePair<string, long>>
    {
        const double MaxSafe = 9007199254740991;
        readonly SortedDictionary<string, long> changes = new SortedDictionary<string, long>(StringComparer.Ordinal);

        public int Count => changes.Count;
        public long this[string stat] => changes.TryGetValue(stat, out long change) ? change : 0;

        /// <summary>Adds to the change of this stat.</summary>
        public void Add(string stat, long change)
        {
            if (Math.Abs((double)this[stat] + change) > MaxSafe)
                throw new ArgumentOutOfRangeException(nameof(change), "A change is at most 2^53 - 1.");
            changes[stat] = this[stat] + change;
        }

        public IEnumerator<KeyValuePair<string, long>> GetEnumerator() => changes.GetEnumerator();
        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
