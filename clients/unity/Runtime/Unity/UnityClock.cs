using System;
using System.Threading;
using System.Threading.Tasks;
using UnityEngine;

namespace Statkeep.Unity
{
    /// <summary>Waits in the frame loop, since timers and threads do not work in WebGL. Not affected by timeScale.</summary>
    public sealed class UnityClock : IClock
    {
        public double Seconds => Time.realtimeSinceStartupAsDouble;
        public DateTime UtcNow => DateTime.UtcNow;

        public async Task DelayAsync(double seconds, CancellationToken cancel)
        {
            double end = Seconds + seconds;
            while (Seconds < end)
            {
                cancel.ThrowIfCancellationRequested();
                await Task.Yield();
            }
            cancel.ThrowIfCancellationRequested();
        }
    }
}
