using System;
using System.Collections;
using System.Collections.Generic;
using System.Threading.Tasks;
using UnityEngine;

namespace Statkeep.Unity
{
    public static class StatkeepUnity
    {
        /// <summary>The only static; see <see cref="Reset"/>.</summary>
        static readonly List<StatkeepRunner> runners = new List<StatkeepRunner>();

        public static StatkeepClient CreateClient(StatkeepSettings settings) =>
            CreateClient(new StatkeepOptions { Url = settings.Url, Profile = settings.Profile });

        /// <summary>
        /// Fills in Unity's transport, clock, store and log. The client is disposed at the end of play mode or of the game;
        /// outside play mode dispose it yourself.
        /// </summary>
        public static StatkeepClient CreateClient(StatkeepOptions options)
        {
            StatkeepClient client = new StatkeepClient(new StatkeepOptions
            {
                Url = options.Url,
                Profile = ProfileHere(options.Profile),
                Timeout = options.Timeout,
                AttemptTimeout = options.AttemptTimeout,
                Retries = options.Retries,
                Transport = options.Transport ?? new UnityWebRequestTransport(),
                Clock = options.Clock ?? new UnityClock(),
                Store = options.Store ?? new PlayerPrefsStore(),
                Log = options.Log ?? new UnityLog(),
                Random = options.Random,
            });
            if (!Application.isPlaying) return client;
            GameObject owner = new GameObject("Statkeep") { hideFlags = HideFlags.HideInHierarchy };
            UnityEngine.Object.DontDestroyOnLoad(owner);
            StatkeepRunner runner = owner.AddComponent<StatkeepRunner>();
            runner.Run(client);
            runners.Add(runner);
            return client;
        }

        /// <summary>For coroutines: <c>yield return task.AsCoroutine()</c>, then look at the task. It does not throw if the task failed.</summary>
        public static IEnumerator AsCoroutine(this Task task)
        {
            while (!task.IsCompleted) yield return null;
        }

        /// <summary>Two editors of one project, as with ParrelSync, are two players.</summary>
        static string ProfileHere(string profile)
        {
#if UNITY_EDITOR
            uint hash = 2166136261;
            foreach (char c in Application.dataPath) hash = (hash ^ c) * 16777619;
            return profile + "." + hash.ToString("x8");
#else
            return profile;
#endif
        }

        /// <summary>Play mode may start without a domain reload: then statics survive from the last time.</summary>
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        static void Reset()
        {
            End();
            Application.quitting -= End;
            Application.quitting += End;
        }

        static void End()
        {
            foreach (StatkeepRunner runner in runners)
                if (runner != null) runner.End();
            runners.Clear();
        }
    }
}
