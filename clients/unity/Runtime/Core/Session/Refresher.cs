using System;
using System.Threading;
using System.Threading.Tasks;

namespace Statkeep
{
    /// <summary>Holds the access token. All calls that need a new one share one refresh.</summary>
    internal sealed class Refresher
    {
        readonly Api api;
        readonly SafeStore store;
        readonly CancellationToken disposed;
        Task<string> refreshing;
        /// <summary>Incremented at each log-in and log-out, so that a refresh in flight cannot bring the previous player back.</summary>
        int generation;

        internal string Current { get; private set; }
        internal Action<User> OnRefreshed { get; set; }
        internal Action<string> OnEnded { get; set; }

        internal Refresher(Api api, SafeStore store, CancellationToken disposed)
        {
            this.api = api;
            this.store = store;
            this.disposed = disposed;
        }

        internal void Start(TokenPair tokens, User user)
        {
            generation++;
            refreshing = null;
            Current = tokens.Token;
            string record = new SessionRecord(tokens.RefreshToken, Call.NewKey(), user).Write();
            store.Update(SessionRecord.Key, _ => record);
        }

        internal void Stop()
        {
            generation++;
            refreshing = null;
            Current = null;
            store.Update(SessionRecord.Key, _ => null);
        }

        /// <summary>An access token other than the one that was refused.</summary>
        internal Task<string> TokenAsync(string refused, CancellationToken cancel)
        {
            if (Current != null && Current != refused) return Task.FromResult(Current);
            if (refreshing == null || refreshing.IsCompleted) refreshing = RefreshAsync();
            return Waits.For(refreshing, cancel);
        }

        async Task<string> RefreshAsync()
        {
            int mine = generation;
            for (;;)
            {
                SessionRecord record = SessionRecord.Read(store.Read(SessionRecord.Key));
                if (record == null)
                {
                    Current = null;
                    OnEnded("Nobody is logged in.");
                    throw new StatkeepException(ProblemCode.NotLoggedIn, "Nobody is logged in.");
                }
                Call call = Call.Post("/api/token/refresh", Bodies.Refresh(record.RefreshToken));
                call.Auth = Auth.None;
                call.IdempotencyKey = record.RefreshKey;
                try
                {
                    TokenPair tokens = await api.SendAsync(call, TokenPair.Read, disposed);
                    if (mine != generation) throw new StatkeepException(ProblemCode.NotLoggedIn, "The player changed meanwhile.");
                    string next = new SessionRecord(tokens.RefreshToken, Call.NewKey(), record.User).Write();
                    // If another process has stored this pair already, its key stays: all processes must send the same one.
                    store.Update(SessionRecord.Key, now => Holds(now, record) ? next : now);
                    Current = tokens.Token;
                    OnRefreshed(record.User);
                    return Current;
                }
                catch (StatkeepException fault) when (fault.Status == 401 && fault.Code != ProblemCode.BadResponse)
                {
                    if (mine != generation) throw;
                    bool isNewer = !Holds(store.Read(SessionRecord.Key), record);
                    if (isNewer && store.Read(SessionRecord.Key) != null) continue;
                    store.Update(SessionRecord.Key, now => Holds(now, record) ? null : now);
                    Current = null;
                    OnEnded(fault.Detail);
                    throw;
                }
            }
        }

        static bool Holds(string stored, SessionRecord record) =>
            SessionRecord.Read(stored)?.RefreshToken == record.RefreshToken;
    }
}
