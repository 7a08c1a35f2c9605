using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;

/// <summary>One thread for all continuations, as Unity's main thread.</summary>
sealed class Pump : SynchronizationContext
{
    readonly BlockingCollection<Action> work = new BlockingCollection<Action>();

    public override void Post(SendOrPostCallback callback, object state) => work.Add(() => callback(state));

    public static void Run(Func<Task> main)
    {
        Pump pump = new Pump();
        SetSynchronizationContext(pump);
        Task running = main();
        running.ContinueWith(_ => pump.work.CompleteAdding(), TaskScheduler.Default);
        foreach (Action step in pump.work.GetConsumingEnumerable()) step();
        running.GetAwaiter().GetResult();
    }
}
