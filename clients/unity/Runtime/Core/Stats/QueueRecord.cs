using System;
using System.Collections.Generic;

namespace Statkeep
{
    /// <summary>
    /// The unsent changes of one player, oldest first. Each step is one update of the store, so that a second process neither
    /// loses nor doubles anything.
    /// </summary>
    internal sealed class QueueRecord
    {
        internal const int MaxEntries = 100;
        internal const int MaxLength = 32 * 1024;

        readonly SafeStore store;
        readonly string run = Call.NewKey();
        readonly Action<int> onDamage;

        /// <param name="onDamage">Called with the number of entries that could not be read.</param>
        internal QueueRecord(SafeStore store, Action<int> onDamage)
        {
            this.store = store;
            this.onDamage = onDamage;
        }

        internal static string KeyOf(long userId) => "queue." + userId;

        internal List<QueueEntry> List(long userId) => Parse(store.Read(KeyOf(userId)), out _);

        /// <summary>Merges into this run's newest entry while that is unsealed; more than a call may change goes into the next.</summary>
        /// <param name="onMerge">Called with the old key of a merged entry and its new one.</param>
        /// <returns>The key of the last entry that these changes went into.</returns>
        internal string Add(long userId, StatChanges changes, Func<string, long> maxChange, Action<string, string> onMerge)
        {
            string key = null, merged = null;
            Update(userId, entries =>
            {
                int open = entries.FindLastIndex(entry => !entry.IsSealed && entry.Run == run);
                StatChanges into = open < 0 ? new StatChanges() : entries[open].Changes;
                StatChanges left = new StatChanges();
                foreach (KeyValuePair<string, long> change in changes) left.Add(change.Key, change.Value);
                if (open >= 0)
                {
                    merged = entries[open].Key;
                    entries.RemoveAt(open);
                }
                do
                {
                    left = Fill(into, left, maxChange);
                    QueueEntry entry = QueueEntry.For(userId, into, run);
                    key = entry.Key;
                    entries.Add(entry);
                    if (merged != null) onMerge(merged, key);
                    merged = null;
                    into = new StatChanges();
                } while (left.Count > 0 && entries.Count <= MaxEntries);
                if (entries.Count > MaxEntries || Write(entries).Length > MaxLength) throw Full();
            });
            return key;
        }

        /// <returns>What did not fit.</returns>
        static StatChanges Fill(StatChanges into, StatChanges changes, Func<string, long> maxChange)
        {
            StatChanges left = new StatChanges();
            foreach (KeyValuePair<string, long> change in changes)
            {
                long max = maxChange(change.Key);
                long sum = into[change.Key] + change.Value;
                long fits = Math.Max(-max, Math.Min(max, sum)) - into[change.Key];
                into.Add(change.Key, fits);
                if (fits != change.Value) left.Add(change.Key, change.Value - fits);
            }
            return left;
        }

        /// <summary>The oldest entry, sealed and marked as sent before it is. Null if there is none.</summary>
        internal QueueEntry Next(long userId, long now, out bool wasUnanswered)
        {
            QueueEntry next = null;
            bool was = false;
            Update(userId, entries =>
            {
                if (entries.Count == 0) return;
                next = entries[0];
                was = next.IsUnanswered;
                if (next.FirstSentAt == 0) next.FirstSentAt = now;
                next.IsSealed = true;
                next.IsUnanswered = true;
            });
            wasUnanswered = was;
            return next;
        }

        /// <summary>Replaces an entry by others, or by none. Does nothing if another process has removed it.</summary>
        internal void Replace(long userId, string key, params QueueEntry[] others) => Update(userId, entries =>
        {
            int at = entries.FindIndex(entry => entry.Key == key);
            if (at < 0) return;
            entries.RemoveAt(at);
            entries.InsertRange(at, others);
        });

        /// <summary>The service has refused the entry, so it has an answer.</summary>
        internal void Refused(long userId, string key) => Update(userId, entries =>
        {
            QueueEntry entry = entries.Find(one => one.Key == key);
            if (entry != null) entry.IsUnanswered = false;
        });

        void Update(long userId, Action<List<QueueEntry>> change)
        {
            int damaged = 0;
            store.Update(KeyOf(userId), stored =>
            {
                List<QueueEntry> entries = Parse(stored, out damaged);
                change(entries);
                return entries.Count == 0 ? null : Write(entries);
            });
            if (damaged > 0) onDamage(damaged);
        }

        static string Write(List<QueueEntry> entries)
        {
            JsonWriter json = new JsonWriter().Begin('[');
            foreach (QueueEntry entry in entries) entry.Write(json);
            return json.End(']').ToString();
        }

        static List<QueueEntry> Parse(string text, out int damaged)
        {
            List<QueueEntry> entries = new List<QueueEntry>();
            damaged = 0;
            if (text == null) return entries;
            JsonValue json = null;
            try
            {
                json = JsonReader.Read(text);
            }
            catch (JsonException)
            {
            }
            if (json?.Items == null)
            {
                damaged = 1;
                return entries;
            }
            foreach (JsonValue item in json.Items)
            {
                QueueEntry entry = QueueEntry.Read(item);
                if (entry == null) damaged++;
                else entries.Add(entry);
            }
            return entries;
        }

        static StatkeepException Full() =>
            new StatkeepException(ProblemCode.QueueFull, "Too many changes wait to be sent. They go out when the service can be reached.");
    }
}
