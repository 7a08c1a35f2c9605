using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Statkeep.Server
{
    /// <summary>
    /// A game server's calls, with an API key. It is not part of a player's build, and the service refuses such a key from a
    /// browser. Pass your own idempotency key if a call has to survive a restart of the server.
    /// </summary>
    public sealed class StatkeepServer : IDisposable
    {
        public const string KeyVariable = "STATKEEP_KEY";
        public const string KeyFileVariable = "STATKEEP_KEY_FILE";

        readonly CancellationTokenSource ending = new CancellationTokenSource();
        readonly Api api;
        readonly string authorization;

        /// <param name="key">
        /// Null: from the environment variable STATKEEP_KEY, or from the file that STATKEEP_KEY_FILE names. Never a field that
        /// is serialized: it would be part of a build.
        /// </param>
        public StatkeepServer(StatkeepOptions options, string key = null)
        {
            options.Check();
            key ??= Environment.GetEnvironmentVariable(KeyVariable) ?? KeyFromFile();
            if (string.IsNullOrEmpty(key))
                throw new ArgumentException("Set the environment variable " + KeyVariable + " to an API key, or " + KeyFileVariable + " to a file that has one.");
            authorization = "Bearer " + key;
            api = new Api(options, new Reporter(options.Log), ending.Token);
        }

        /// <summary>Needs <c>stats:write</c>.</summary>
        public Task<ChangedStats> AddAsync(string user, StatChanges changes, string idempotencyKey = null, CancellationToken cancel = default) =>
            SendAsync(Call.Patch("/api/users/" + Call.Part(user) + "/stats", Bodies.ChangeStats(changes)), ChangedStats.Read, idempotencyKey, cancel);

        /// <summary>Up to 1,000 changes of many users. Needs <c>stats:write</c>, and <c>users:write</c> to create who is missing.</summary>
        public async Task<IReadOnlyList<BatchResult>> BatchAsync(
            IEnumerable<BatchChange> changes, bool createMissing = false, string idempotencyKey = null, CancellationToken cancel = default) =>
            (await SendAsync(Call.Post("/api/stats/batch", Bodies.BatchStats(changes, createMissing)), BatchResults.Read, idempotencyKey, cancel)).Results;

        /// <summary>Needs <c>users:write</c> unless sign-up is open.</summary>
        public Task<CreatedUser> CreateUserAsync(
            string username = null, string password = null, string email = null, string idempotencyKey = null, CancellationToken cancel = default) =>
            SendAsync(Call.Post("/api/users", Bodies.NewUser(username, password, email)), CreatedUser.Read, idempotencyKey, cancel);

        /// <summary>Gives credits. Needs <c>credits:grant</c>.</summary>
        public Task<Granted> GrantAsync(
            string user, long amount, string reason, string expiresAt = null, string idempotencyKey = null, CancellationToken cancel = default) =>
            SendAsync(Call.Post("/api/users/" + Call.Part(user) + "/credits/grants", Bodies.Grant(amount, reason, expiresAt)), Granted.Read, idempotencyKey, cancel);

        /// <summary>Takes credits. Needs <c>credits:charge</c>.</summary>
        public Task<Spent> ChargeAsync(
            string username, long amount, string reason = null, string idempotencyKey = null, CancellationToken cancel = default) =>
            SendAsync(Call.Post("/api/credits/spend", Bodies.Spend(amount, reason, username)), Spent.Read, idempotencyKey, cancel);

        /// <summary>Refunds a spend, once. Needs <c>credits:grant</c>.</summary>
        public Task<Refunded> RefundAsync(string id, string idempotencyKey = null, CancellationToken cancel = default) =>
            SendAsync(Call.Post("/api/credits/refunds", Bodies.Refund(id)), Refunded.Read, idempotencyKey, cancel);

        public void Dispose() => ending.Cancel();

        static string KeyFromFile()
        {
            string file = Environment.GetEnvironmentVariable(KeyFileVariable);
            return string.IsNullOrEmpty(file) ? null : File.ReadAllText(file).Trim();
        }

        Task<T> SendAsync<T>(Call call, Func<JsonValue, T> read, string idempotencyKey, CancellationToken cancel)
        {
            call.Auth = Auth.Header;
            call.Authorization = authorization;
            call.IdempotencyKey = idempotencyKey ?? call.IdempotencyKey;
            return api.SendAsync(call, read, cancel);
        }
    }
}
