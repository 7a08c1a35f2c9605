using System;
using System.Threading;
using System.Threading.Tasks;

namespace Statkeep
{
    internal static class Waits
    {
        /// <summary>Waits for shared work: cancelling ends this wait, not the work.</summary>
        internal static async Task<T> For<T>(Task<T> work, CancellationToken cancel)
        {
            if (!work.IsCompleted && cancel.CanBeCanceled)
            {
                TaskCompletionSource<bool> cancelled = new TaskCompletionSource<bool>();
                using (cancel.Register(() => cancelled.TrySetResult(true)))
                    await Task.WhenAny(work, cancelled.Task);
                if (!work.IsCompleted) cancel.ThrowIfCancellationRequested();
            }
            return await work;
        }

        /// <summary>Runs work with a deadline in seconds. After it the work's token is cancelled.</summary>
        /// <exception cref="TimeoutException">The time was up.</exception>
        internal static async Task<T> Within<T>(
            IClock clock, double seconds, Func<CancellationToken, Task<T>> work, CancellationToken cancel)
        {
            using (CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancel))
            using (CancellationTokenSource waking = CancellationTokenSource.CreateLinkedTokenSource(cancel))
            {
                Task<T> working = work(ending.Token);
                if (working.IsCompleted) return await working;
                Task deadline = clock.DelayAsync(Math.Max(0, seconds), waking.Token);
                await Task.WhenAny(working, deadline);
                bool isLate = !working.IsCompleted && !cancel.IsCancellationRequested;
                waking.Cancel();
                Quiet(deadline);
                if (working.IsCompleted) return await working;
                ending.Cancel();
                Quiet(working);
                cancel.ThrowIfCancellationRequested();
                throw isLate ? new TimeoutException() : (Exception)new OperationCanceledException(cancel);
            }
        }

        /// <summary>Ignores the outcome.</summary>
        internal static async void Quiet(Task task)
        {
            try
            {
                await task;
            }
            catch (Exception)
            {
            }
        }
    }
}
