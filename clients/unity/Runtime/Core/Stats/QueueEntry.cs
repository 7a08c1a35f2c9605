using System.Collections.Generic;

namespace Statkeep
{
    /// <summary>One call to send. The service identifies it by its exact bytes, so a sealed entry never changes.</summary>
    internal sealed class QueueEntry
    {
        internal string Key { get; set; }
        internal string Path { get; set; }
        internal string Body { get; set; }
        /// <summary>The run of the client that may still merge changes into it.</summary>
        internal string Run { get; set; }
        internal bool IsSealed { get; set; }
        /// <summary>Milliseconds since 1970 by the device's clock; 0 before it was sent.</summary>
        internal long FirstSentAt { get; set; }
        /// <summary>It was sent, and no answer is known.</summary>
        internal bool IsUnanswered { get; set; }

        internal StatChanges Changes
        {
            get
            {
                StatChanges changes = new StatChanges();
                foreach (KeyValuePair<string, JsonValue> change in JsonReader.Read(Body).Find("changes").Members)
                    if (change.Value.TryLong(out long by)) changes.Add(change.Key, by);
                return changes;
            }
        }

        internal static QueueEntry For(long userId, StatChanges changes, string run) => new QueueEntry
        {
            Key = Call.NewKey(),
            // By id: after another player logs in, `me` would be the wrong one.
            Path = "/api/users/" + userId + "/stats",
            Body = Bodies.ChangeStats(changes),
            Run = run,
        };

        internal void Write(JsonWriter json) => json.Begin('{')
            .Member("key", Key).Member("path", Path).Member("body", Body).Member("run", Run).Member("sealed", IsSealed)
            .Member("firstSentAt", FirstSentAt).Member("unanswered", IsUnanswered).End('}');

        /// <returns>Null if it is not a queue entry.</returns>
        internal static QueueEntry Read(JsonValue json)
        {
            try
            {
                QueueEntry entry = new QueueEntry
                {
                    Key = Fields.Text(json, "key"),
                    Path = Fields.Text(json, "path"),
                    Body = Fields.Text(json, "body"),
                    Run = Fields.Text(json, "run"),
                    IsSealed = Fields.Boolean(json, "sealed"),
                    FirstSentAt = Fields.Long(json, "firstSentAt"),
                    IsUnanswered = Fields.Boolean(json, "unanswered"),
                };
                bool isRight = entry.Path.StartsWith("/api/users/", System.StringComparison.Ordinal);
                return isRight && JsonReader.Read(entry.Body).Find("changes")?.Members != null ? entry : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}
