using System;
using UnityEngine;

namespace Statkeep.Unity
{
    /// <summary>
    /// PlayerPrefs, saved with each change, so that WebGL writes it to the browser at once. It is plain text on the player's
    /// device: use your own <see cref="IStore"/> if the platform has secure storage.
    /// </summary>
    public sealed class PlayerPrefsStore : IStore
    {
        public string Read(string key) => PlayerPrefs.HasKey(key) ? PlayerPrefs.GetString(key) : null;

        public void Update(string key, Func<string, string> change)
        {
            string before = Read(key);
            string after = change(before);
            if (after == before) return;
            if (after == null) PlayerPrefs.DeleteKey(key);
            else PlayerPrefs.SetString(key, after);
            PlayerPrefs.Save();
        }
    }
}
