using System;
using System.Threading;
using System.Threading.Tasks;

namespace Statkeep
{
    public interface IClock
    {
        /// <summary>Seconds that only rise, whatever the player does to the device's clock.</summary>
        double Seconds { get; }
        DateTime UtcNow { get; }
        Task DelayAsync(double seconds, CancellationToken cancel);
    }

    /// <summary>Keeps texts between runs. What it throws is caught: the client then goes on without it and reports it.</summary>
    public interface IStore
    {
        /// <returns>Null where there is nothing.</returns>
        string Read(string key);
        /// <summary>Replaces a value by what <paramref name="change"/> makes of it; null deletes it. No other process or tab comes between.</summary>
        void Update(string key, Func<string, string> change);
    }

    public enum LogLevel { Debug, Warning, Error }

    /// <summary>Takes lines for the developer. No line has a token, a password, a key or a body in it.</summary>
    public interface ILog
    {
        void Write(LogLevel level, string message);
    }
}
