// Generated from /openapi.json by scripts/unity/generate.ts.
using System.Collections.Generic;

namespace Statkeep
{
    internal static class Bodies
    {
        internal static string NewUser(string username = null, string password = null, string email = null) =>
            new JsonWriter().Begin('{').Member("username", username).Member("password", password).Member("email", email).End('}').ToString();

        internal static string ChangeAccount(string currentPassword, string newPassword = null, string email = null, bool? revokeKeys = null) =>
            new JsonWriter().Begin('{').Member("currentPassword", currentPassword).Member("newPassword", newPassword).Member("email", email).Member("revokeKeys", revokeKeys).End('}').ToString();

        internal static string DeleteAccount(string currentPassword) =>
            new JsonWriter().Begin('{').Member("currentPassword", currentPassword).End('}').ToString();

        internal static string LookUp(IEnumerable<string> usernames) =>
            new JsonWriter().Begin('{').Member("usernames", usernames).End('}').ToString();

        internal static string ChangeStats(IEnumerable<KeyValuePair<string, long>> changes) =>
            new JsonWriter().Begin('{').Member("changes", changes).End('}').ToString();

        internal static string BatchStats(IEnumerable<BatchChange> changes, bool? createMissing = null) =>
            new JsonWriter().Begin('{').Member("changes", changes).Member("createMissing", createMissing).End('}').ToString();

        internal static string Refresh(string refreshToken) =>
            new JsonWriter().Begin('{').Member("refreshToken", refreshToken).End('}').ToString();

        internal static string ResetPassword(string token, string newPassword) =>
            new JsonWriter().Begin('{').Member("token", token).Member("newPassword", newPassword).End('}').ToString();

        internal static string Spend(long amount, string reason = null, string username = null) =>
            new JsonWriter().Begin('{').Member("amount", amount).Member("reason", reason).Member("username", username).End('}').ToString();

        internal static string Hold(long amount, long expiresInSeconds, string reason = null) =>
            new JsonWriter().Begin('{').Member("amount", amount).Member("expiresInSeconds", expiresInSeconds).Member("reason", reason).End('}').ToString();

        internal static string Capture(long amount) =>
            new JsonWriter().Begin('{').Member("amount", amount).End('}').ToString();

        internal static string Refund(string id) =>
            new JsonWriter().Begin('{').Member("id", id).End('}').ToString();

        internal static string Grant(long amount, string reason, string expiresAt = null) =>
            new JsonWriter().Begin('{').Member("amount", amount).Member("reason", reason).Member("expiresAt", expiresAt).End('}').ToString();
    }

    public sealed class BatchChange : IJsonWritable
    {
        public string Username { get; set; }
        public long? UserId { get; set; }
        public string Stat { get; set; }
        public long Change { get; set; }

        void IJsonWritable.Write(JsonWriter json) =>
            json.Begin('{').Member("username", Username).Member("userId", UserId).Member("stat", Stat).Member("change", Change).End('}');
    }
}
