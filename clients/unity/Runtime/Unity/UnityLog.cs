using UnityEngine;

namespace Statkeep.Unity
{
    /// <summary>Unity's console: warnings and errors everywhere, each call in the editor and in development builds.</summary>
    public sealed class UnityLog : ILog
    {
        public void Write(LogLevel level, string message)
        {
            if (level == LogLevel.Error) Debug.LogError("Statkeep: " + message);
            else if (level == LogLevel.Warning) Debug.LogWarning("Statkeep: " + message);
            else if (Debug.isDebugBuild) Debug.Log("Statkeep: " + message);
        }
    }
}
