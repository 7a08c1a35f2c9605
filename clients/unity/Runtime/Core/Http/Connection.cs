using System;

namespace Statkeep
{
    /// <summary>Whether the last attempt got an answer.</summary>
    internal sealed class Connection
    {
        readonly Reporter reporter;

        internal bool IsOnline { get; private set; } = true;
        internal Action OnLost;
        internal Action OnRestored;
        /// <summary>Called after each attempt without an answer.</summary>
        internal Action OnFault;
        /// <summary>Called after the first answer since then.</summary>
        internal Action OnBack;

        internal Connection(Reporter reporter)
        {
            this.reporter = reporter;
        }

        internal void Lost()
        {
            OnFault?.Invoke();
            if (!IsOnline) return;
            IsOnline = false;
            reporter.Raise(OnLost);
        }

        internal void Restored()
        {
            if (IsOnline) return;
            IsOnline = true;
            OnBack?.Invoke();
            reporter.Raise(OnRestored);
        }
    }

    /// <summary>Raises events and logs. An exception of a listener is logged and swallowed.</summary>
    internal sealed class Reporter
    {
        readonly ILog log;

        internal Reporter(ILog log)
        {
            this.log = log;
        }

        internal void Log(LogLevel level, string message) => log?.Write(level, message);

        internal void Raise(Action listeners) => Guard(listeners);
        internal void Raise<T>(Action<T> listeners, T told) => Guard(listeners == null ? (Action)null : () => listeners(told));

        void Guard(Action work)
        {
            try
            {
                work?.Invoke();
            }
            catch (Exception fault)
            {
                Log(LogLevel.Error, "A listener threw: " + fault);
            }
        }
    }
}
