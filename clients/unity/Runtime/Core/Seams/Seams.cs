using System;
using System.Threading;
using System.Threading.Tasks;

namespace Statkeep
{
    public interface IClock
    {
        /// <summary>Monotonic: not affected by changes of the device's clock.</summary>
        double Seconds { get; }
        DateTime UtcNow { get; }
        Task DelayAsync(double seconds, CancellationToken cancel);
    }

    /// <summary>Stores texts between runs. If it throws, the client logs that and goes on in memory.</summary>
    public interface IStore
    {
        /// <returns>Null if there is no such key.</returns>
        string Read(string key);
        /// <summary>Replaces a value by the result of <paramref name="change"/>; null deletes it. Atomic across processes that share the store.</summary>
        void Update(string key, Func<string, string> change);
    }

    public enum LogLevel { Debug, Warning, Error }

    /// <summary>Receives log lines. They never contain a token, a password, a key or a body.</summary>
    public interface ILog
    {
        void Write(LogLevel level, string message);
    }
}
