using System;

namespace Statkeep
{
    internal enum Auth { None, Session, Header }

    /// <summary>One logical call: everything that stays the same when it is repeated.</summary>
    internal sealed class Call
    {
        internal string Method { get; }
        /// <summary>With its query.</summary>
        internal string Path { get; }
        internal string Body { get; }
        internal Auth Auth { get; set; } = Auth.Session;
        /// <summary>The whole Authorization header, for <see cref="Auth.Header"/>.</summary>
        internal string Authorization { get; set; }
        internal string IdempotencyKey { get; set; }
        internal int? Retries { get; set; }

        Call(string method, string path, string body)
        {
            Method = method;
            Path = path;
            Body = body;
            if (method == "POST" || method == "PATCH") IdempotencyKey = NewKey();
        }

        internal bool IsWrite => Method != "GET";
        /// <summary>Without the query, for the log.</summary>
        internal string LogPath => Path.Split('?')[0];

        internal static Call Get(string path) => new Call("GET", path, null);
        internal static Call Post(string path, string body = null) => new Call("POST", path, body);
        internal static Call Patch(string path, string body) => new Call("PATCH", path, body);
        internal static Call Delete(string path, string body = null) => new Call("DELETE", path, body);

        /// <summary>122 random bits, since the key alone protects the answer of a call without credentials.</summary>
        internal static string NewKey() => Guid.NewGuid().ToString("N");

        internal static string Part(string text) => Uri.EscapeDataString(text ?? "");

        /// <summary>A query of what is neither null nor empty.</summary>
        internal static string Query(params (string Name, string Value)[] parameters)
        {
            string query = "";
            foreach ((string name, string value) in parameters)
                if (!string.IsNullOrEmpty(value)) query += (query == "" ? "?" : "&") + name + "=" + Part(value);
            return query;
        }
    }

    internal readonly struct Answer
    {
        internal JsonValue Json { get; }
        internal string Text { get; }
        internal bool IsReplay { get; }
        /// <summary>The state of the service's database that the answer shows or has made; null if it does not say.</summary>
        internal string Bookmark { get; }

        internal Answer(JsonValue json, string text, bool isReplay, string bookmark)
        {
            Json = json;
            Text = text;
            IsReplay = isReplay;
            Bookmark = bookmark;
        }
    }
}
