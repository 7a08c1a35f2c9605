using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Statkeep
{
    /// <summary>Sends the queue, oldest entry first, one at a time, until it is empty or the service stops accepting.</summary>
    internal sealed class Deliverer
    {
        const double FirstDelay = 0.5;
        const double MaxDelay = 60;
        const double MaxRetryAfter = 3600;
        /// <summary>Milliseconds. The service keeps an idempotency record for seven days.</summary>
        const long MaxKeyAge = 6L * 24 * 60 * 60 * 1000;
        static readonly DateTime UnixEpoch = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        readonly Api api;
        readonly Session session;
        readonly QueueRecord queue;
        readonly Reporter reporter;
        readonly StatkeepOptions options;
        readonly CancellationToken disposed;
        readonly Dictionary<string, TaskCompletionSource<AddResult>> waiters = new Dictionary<string, TaskCompletionSource<AddResult>>();
        /// <summary>Completes when the queue is empty or sending pauses. Null while nothing is being sent.</summary>
        TaskCompletionSource<bool> round;
        CancellationTokenSource pause;

        internal Action<ChangedStats> OnDelivered;
        internal Action<DroppedChanges> OnDropped;
        internal Action<StatkeepException> OnStuck;
        internal Action<StatChanges> OnUncertain;

        internal Deliverer(
            Api api, Session session, QueueRecord queue, Reporter reporter, StatkeepOptions options, CancellationToken disposed)
        {
            this.api = api;
            this.session = session;
            this.queue = queue;
            this.reporter = reporter;
            this.options = options;
            this.disposed = disposed;
            api.Connection.OnFault = AnswerQueued;
            api.Connection.OnBack = () => pause?.Cancel();
        }

        internal Task<AddResult> ResultOf(string key)
        {
            if (!waiters.TryGetValue(key, out TaskCompletionSource<AddResult> waiter)) waiters[key] = waiter = new TaskCompletionSource<AddResult>();
            return waiter.Task;
        }

        /// <summary>A merged entry has a new key.</summary>
        internal void Rename(string before, string after)
        {
            if (!waiters.TryGetValue(before, out TaskCompletionSource<AddResult> waiter)) return;
            waiters.Remove(before);
            waiters[after] = waiter;
        }

        /// <param name="isUrgent">Ends a pause between attempts.</param>
        internal Task<bool> Start(bool isUrgent)
        {
            if (disposed.IsCancellationRequested) return Task.FromCanceled<bool>(disposed);
            bool isRunning = round != null;
            if (round == null || round.Task.IsCompleted) round = new TaskCompletionSource<bool>();
            Task<bool> current = round.Task;
            if (!isRunning) Waits.Quiet(RunAsync());
            else if (pause != null && isUrgent) pause.Cancel();
            // While offline, callers get their answer at once: queued.
            if (!isUrgent && (pause != null || !api.Connection.IsOnline)) AnswerQueued();
            return current;
        }

        async Task RunAsync()
        {
            try
            {
                for (int failures = 0; session.User != null;)
                {
                    long userId = session.User.Id;
                    QueueEntry entry = queue.Next(userId, Now(), out bool wasUnanswered);
                    if (entry == null) break;
                    StatkeepException fault = IsStale(userId, entry, wasUnanswered) ? null : await SendAsync(userId, entry, wasUnanswered);
                    if (fault == null) failures = 0;
                    else if (fault.IsTransient) await PauseAsync(Delay(fault, failures++));
                    // Another player has logged in meanwhile: send that player's queue.
                    else if (session.User?.Id == userId) break;
                }
            }
            catch (OperationCanceledException)
            {
                foreach (TaskCompletionSource<AddResult> waiter in TakeWaiters()) waiter.TrySetCanceled();
            }
            finally
            {
                TaskCompletionSource<bool> ended = round;
                round = null;
                AnswerQueued();
                ended.TrySetResult(true);
            }
        }

        double Delay(StatkeepException fault, int failures) =>
            Math.Min(MaxRetryAfter, fault.RetryAfter ?? options.Random() * Math.Min(MaxDelay, FirstDelay * Math.Pow(2, failures)));

        async Task PauseAsync(double seconds)
        {
            AnswerQueued();
            using (pause = CancellationTokenSource.CreateLinkedTokenSource(disposed))
            {
                round.TrySetResult(false);
                try
                {
                    await options.Clock.DelayAsync(seconds, pause.Token);
                }
                catch (OperationCanceledException) when (!disposed.IsCancellationRequested)
                {
                }
                finally
                {
                    pause = null;
                }
            }
            if (round.Task.IsCompleted) round = new TaskCompletionSource<bool>();
        }

        /// <returns>The fault that keeps the entry in the queue; null if it has left the queue.</returns>
        async Task<StatkeepException> SendAsync(long userId, QueueEntry entry, bool wasUnanswered)
        {
            Call call = Call.Patch(entry.Path, entry.Body);
            call.IdempotencyKey = entry.Key;
            call.Retries = 0;
            try
            {
                ChangedStats answer = await api.SendAsync(call, ChangedStats.Read, disposed);
                queue.Replace(userId, entry.Key);
                OnDelivered(answer);
                Finish(entry.Key, waiter => waiter.TrySetResult(new AddResult(answer)));
                return null;
            }
            catch (StatkeepException fault)
            {
                // A 4xx of the service means that nothing was changed. A 500 or a proxy's 408 does not.
                bool isRefusal = fault.Code != ProblemCode.BadResponse && fault.Status != 408
                    && (fault.Status / 100 == 4 || fault.Code == ProblemCode.Stopped);
                if (isRefusal && !wasUnanswered) queue.Refused(userId, entry.Key);
                if (fault.IsTransient || fault.Status == 401 || fault.Code == ProblemCode.NotLoggedIn) return fault;
                if (fault.Status == 403 || fault.Status == 404)
                {
                    reporter.Log(LogLevel.Error, "Changes of stats are kept, not sent: " + fault.Detail);
                    OnStuck(fault);
                    return fault;
                }
                Refuse(userId, entry, fault);
                return null;
            }
        }

        void Refuse(long userId, QueueEntry entry, StatkeepException fault)
        {
            StatChanges changes = entry.Changes;
            // This key was accepted before with other bytes: sending these under a new key would count twice.
            if (fault.Code == ProblemCode.IdempotencyKeyReused)
            {
                queue.Replace(userId, entry.Key);
                Finish(entry.Key, waiter => waiter.TrySetResult(new AddResult(null)));
            }
            // The service records only a 2xx under a key, so nothing has counted yet, and new keys are safe.
            else if ((fault.Code == ProblemCode.OutOfBounds || fault.Status == 400) && changes.Count > 1)
            {
                QueueEntry[] parts = changes
                    .Select(change => QueueEntry.For(userId, new StatChanges { { change.Key, change.Value } }, "")).ToArray();
                queue.Replace(userId, entry.Key, parts);
                Finish(entry.Key, waiter => waiter.TrySetResult(AddResult.Queued));
            }
            else
            {
                queue.Replace(userId, entry.Key);
                OnDropped(new DroppedChanges(changes, fault));
                Finish(entry.Key, waiter => waiter.TrySetException(fault));
            }
        }

        /// <summary>Handles an entry whose idempotency record the service may have deleted.</summary>
        bool IsStale(long userId, QueueEntry entry, bool wasUnanswered)
        {
            long age = Now() - entry.FirstSentAt;
            if (age >= 0 && age <= MaxKeyAge) return false;
            StatChanges changes = entry.Changes;
            if (!wasUnanswered) queue.Replace(userId, entry.Key, QueueEntry.For(userId, changes, ""));
            else
            {
                queue.Replace(userId, entry.Key);
                OnUncertain(changes);
            }
            return true;
        }

        void AnswerQueued()
        {
            foreach (TaskCompletionSource<AddResult> waiter in TakeWaiters()) waiter.TrySetResult(AddResult.Queued);
        }

        List<TaskCompletionSource<AddResult>> TakeWaiters()
        {
            List<TaskCompletionSource<AddResult>> taken = waiters.Values.ToList();
            waiters.Clear();
            return taken;
        }

        void Finish(string key, Action<TaskCompletionSource<AddResult>> finish)
        {
            if (!waiters.TryGetValue(key, out TaskCompletionSource<AddResult> waiter)) return;
            waiters.Remove(key);
            finish(waiter);
        }

        long Now() => (long)(options.Clock.UtcNow - UnixEpoch).TotalMilliseconds;
    }
}
