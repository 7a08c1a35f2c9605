using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Statkeep
{
    /// <summary>Stats and levels. A change is stored before it is sent, and counts exactly once.</summary>
    public sealed class Stats
    {
        /// <summary>What the service allows in one call unless its catalog says otherwise.</summary>
        const long MaxChange = 10_000;

        readonly Api api;
        readonly Session session;
        readonly QueueRecord queue;
        readonly Deliverer deliverer;
        readonly Dictionary<string, long> maxChanges = new Dictionary<string, long>();

        /// <summary>Raised for each stat that gained a level.</summary>
        public event Action<StatChange> LeveledUp;
        public event Action<ChangedStats> Changed;
        /// <summary>The service refused a change for good, or the stored queue was damaged. The change does not count.</summary>
        public event Action<DroppedChanges> Dropped;
        /// <summary>The service refuses changes for now (403, 404). They are kept, and sent again with the next change.</summary>
        public event Action<StatkeepException> Stuck;
        /// <summary>Sent more than six days ago without an answer. Whether it counted is unknown, and it is not sent again.</summary>
        public event Action<StatChanges> Uncertain;

        internal Stats(Api api, Session session, SafeStore store, Reporter reporter, StatkeepOptions options, CancellationToken disposed)
        {
            this.api = api;
            this.session = session;
            queue = new QueueRecord(store, _ => reporter.Raise(Dropped, new DroppedChanges(
                new StatChanges(), new StatkeepException(ProblemCode.BadResponse, "A part of the stored queue could not be read."))));
            deliverer = new Deliverer(api, session, queue, reporter, options, disposed)
            {
                OnDelivered = answer =>
                {
                    reporter.Raise(Changed, answer);
                    foreach (StatChange change in answer.Changes)
                        if (change.LeveledUp) reporter.Raise(LeveledUp, change);
                },
                OnDropped = dropped => reporter.Raise(Dropped, dropped),
                OnStuck = fault => reporter.Raise(Stuck, fault),
                OnUncertain = changes => reporter.Raise(Uncertain, changes),
            };
            session.OnChanged = () =>
            {
                if (Pending > 0) deliverer.Start(true);
            };
        }

        /// <summary>The number of unsent calls of this player.</summary>
        public int Pending => session.User == null ? 0 : queue.List(session.User.Id).Count;

        /// <summary>Every stat with its rules. Call it once at the start if the service's <c>maxChange</c> is not 10,000.</summary>
        public async Task<IReadOnlyList<StatRule>> CatalogAsync(CancellationToken cancel = default)
        {
            Call call = Call.Get("/api/stats");
            call.Auth = Auth.None;
            IReadOnlyList<StatRule> rules = (await api.SendAsync(call, Catalog.Read, cancel)).Stats;
            foreach (StatRule rule in rules) maxChanges[rule.Stat] = rule.MaxChange;
            return rules;
        }

        public Task<UserStats> GetAsync(string user, CancellationToken cancel = default)
        {
            Call call = Call.Get("/api/users/" + Call.Part(user) + "/stats");
            if (user != "me") call.Auth = Auth.None;
            return api.SendAsync(call, UserStats.Read, cancel);
        }

        public Task<AddResult> AddAsync(string stat, long change, CancellationToken cancel = default) =>
            AddAsync(new StatChanges { { stat, change } }, cancel);

        /// <summary>
        /// Adds to the player's stats. Completes when the service has counted it or, with <see cref="AddResult.IsQueued"/>,
        /// when it cannot be reached. Cancelling ends the wait; the change stays queued.
        /// </summary>
        public async Task<AddResult> AddAsync(StatChanges changes, CancellationToken cancel = default)
        {
            cancel.ThrowIfCancellationRequested();
            if (changes.Count == 0) throw new ArgumentException("There is no change in it.", nameof(changes));
            User user = session.User ?? throw new StatkeepException(ProblemCode.NotLoggedIn, "Nobody is logged in.");
            string key = queue.Add(user.Id, changes, MaxChangeOf, deliverer.Rename);
            Task<AddResult> result = deliverer.ResultOf(key);
            Waits.Quiet(deliverer.Start(false));
            return await Waits.For(result, cancel);
        }

        /// <summary>Sends the queue now. Completes when it is empty, or when sending has to pause.</summary>
        public async Task FlushAsync(CancellationToken cancel = default)
        {
            if (Pending > 0) await Waits.For(deliverer.Start(true), cancel);
        }

        long MaxChangeOf(string stat) => maxChanges.TryGetValue(stat, out long max) ? max : MaxChange;
    }

    public sealed class AddResult
    {
        /// <summary>The service could not be reached. The change is stored and will be sent later.</summary>
        public bool IsQueued { get; }
        /// <summary>Every stat after the change; null while it is queued.</summary>
        public StatValues Stats { get; }
        public IReadOnlyList<StatChange> Changes { get; }

        internal AddResult(ChangedStats answer)
        {
            Stats = answer?.Stats;
            Changes = answer?.Changes ?? Array.Empty<StatChange>();
        }

        AddResult(bool isQueued) : this(null)
        {
            IsQueued = isQueued;
        }

        internal static readonly AddResult Queued = new AddResult(true);
    }

    public sealed class DroppedChanges
    {
        public StatChanges Changes { get; }
        public StatkeepException Error { get; }

        internal DroppedChanges(StatChanges changes, StatkeepException error)
        {
            Changes = changes;
            Error = error;
        }
    }
}
