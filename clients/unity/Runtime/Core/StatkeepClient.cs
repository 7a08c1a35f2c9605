using System;
using System.Threading;

namespace Statkeep
{
    /// <summary>
    /// One player's connection to Statkeep. Use it from one thread, Unity's main thread. Events are raised there as well.
    /// Disposing it ends every pending call with an <see cref="OperationCanceledException"/>.
    /// </summary>
    public sealed class StatkeepClient : IDisposable
    {
        public const string Version = "0.1.0";

        readonly CancellationTokenSource ending = new CancellationTokenSource();
        readonly Api api;

        public Session Session { get; }
        public Accounts Accounts { get; }
        public Stats Stats { get; }
        public Leaderboards Leaderboards { get; }
        public Credits Credits { get; }

        /// <summary>Whether the last call got an answer.</summary>
        public bool IsOnline => api.Connection.IsOnline;

        public event Action ConnectionLost
        {
            add => api.Connection.OnLost += value;
            remove => api.Connection.OnLost -= value;
        }

        public event Action ConnectionRestored
        {
            add => api.Connection.OnRestored += value;
            remove => api.Connection.OnRestored -= value;
        }

        /// <summary>Needs no network.</summary>
        public StatkeepClient(StatkeepOptions options)
        {
            options.Check();
            Reporter reporter = new Reporter(options.Log);
            SafeStore store = new SafeStore(options.Store, options.Profile, reporter);
            api = new Api(options, reporter, ending.Token);
            Session = new Session(api, store, reporter, ending.Token);
            Accounts = new Accounts(api, Session, store);
            Stats = new Stats(api, Session, store, reporter, options, ending.Token);
            Leaderboards = new Leaderboards(api);
            Credits = new Credits(api);
        }

        public void Dispose() => ending.Cancel();
    }
}
