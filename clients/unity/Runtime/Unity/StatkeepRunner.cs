using UnityEngine;

namespace Statkeep.Unity
{
    /// <summary>Made with a client, never by a getter. Sends what waits when the game pauses or loses focus, and ends the client with the game.</summary>
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
                // The game ends; what waits is stored.
            }
        }
    }
}
