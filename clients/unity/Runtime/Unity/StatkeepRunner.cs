using UnityEngine;

namespace Statkeep.Unity
{
    /// <summary>Belongs to one client. Sends unsent changes when the game pauses or its focus changes, and disposes the client with the game.</summary>
    [AddComponentMenu("")]
    public sealed class StatkeepRunner : MonoBehaviour
    {
        StatkeepClient client;

        internal void Run(StatkeepClient client)
        {
            this.client = client;
        }

        void OnApplicationPause(bool isPaused) => Flush();
        void OnApplicationFocus(bool hasFocus) => Flush();

        void OnDestroy() => Dispose();

        internal void End()
        {
            Dispose();
            Destroy(gameObject);
        }

        void Dispose()
        {
            client?.Dispose();
            client = null;
        }

        async void Flush()
        {
            if (client == null) return;
            try
            {
                await client.Stats.FlushAsync();
            }
            catch (System.OperationCanceledException)
            {
                // The game is ending. Unsent changes are stored.
            }
        }
    }
}
