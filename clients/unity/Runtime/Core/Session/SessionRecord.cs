namespace Statkeep
{
    /// <summary>
    /// What is stored of a session. The refresh key is made with the refresh token and stored beside it: whoever reads the
    /// record, after a crash or in another process, sends the same request, and the service gives all of them the same pair.
    /// It is random: one computed from the token would let a thief of an old token read the next pair.
    /// </summary>
    internal sealed class SessionRecord
    {
        internal const string Key = "session";

        internal string RefreshToken { get; }
        internal string RefreshKey { get; }
        internal User User { get; }

        internal SessionRecord(string refreshToken, string refreshKey, User user)
        {
            RefreshToken = refreshToken;
            RefreshKey = refreshKey;
            User = user;
        }

        internal string Write() => new JsonWriter().Begin('{')
            .Member("refreshToken", RefreshToken).Member("refreshKey", RefreshKey)
            .Member("userId", User.Id).Member("username", User.Username).End('}').ToString();

        /// <returns>Null if it is not a session record.</returns>
        internal static SessionRecord Read(string text)
        {
            if (string.IsNullOrEmpty(text)) return null;
            try
            {
                JsonValue json = JsonReader.Read(text);
                User user = new User(Fields.Long(json, "userId"), Fields.Text(json, "username"));
                return new SessionRecord(Fields.Text(json, "refreshToken"), Fields.Text(json, "refreshKey"), user);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    public sealed class User
    {
        public long Id { get; }
        public string Username { get; }

        internal User(long id, string username)
        {
            Id = id;
            Username = username;
        }
    }

    public enum SessionState
    {
        LoggedOut,
        /// <summary>The player is known from an earlier run, and the service has not answered yet in this one.</summary>
        Offline,
        LoggedIn,
    }
}
