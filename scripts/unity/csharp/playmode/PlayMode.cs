// Enters and leaves play mode a hundred times without reloading the domain, on stand-ins for UnityEngine.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Statkeep;
using Statkeep.Unity;
using UnityEngine;
using UnityEngine.Networking;

sealed class Frames : SynchronizationContext
{
    readonly Queue<Action> work = new Queue<Action>();
    public override void Post(SendOrPostCallback callback, object state) => work.Enqueue(() => callback(state));

    public void Run(int frames)
    {
        for (; frames > 0; frames--)
            for (int now = work.Count; now > 0; now--) work.Dequeue()();
    }

    public int Left => work.Count;
}

/// <summary>Notes which keys are read.</summary>
sealed class KeyStore : IStore
{
    public readonly HashSet<string> Keys = new HashSet<string>();

    public string Read(string key)
    {
        Keys.Add(key);
        return null;
    }

    public void Update(string key, Func<string, string> change) => change(null);
}

static class PlayMode
{
    static int Main()
    {
        Frames frames = new Frames();
        SynchronizationContext.SetSynchronizationContext(frames);
        MethodInfo reset = typeof(StatkeepUnity).GetMethod("Reset", BindingFlags.Static | BindingFlags.NonPublic);
        List<string> faults = new List<string>();
        void Expect(bool holds, string what)
        {
            if (!holds && !faults.Contains(what)) faults.Add(what);
        }
        KeyStore store = new KeyStore();
        StatkeepOptions options = new StatkeepOptions { Url = "http://localhost:1", Profile = "p", Store = store };
        for (int i = 0; i < 100; i++)
        {
            Application.HasQuit = false;
            reset.Invoke(null, null);
            UnityWebRequest.Frames = 3;
            StatkeepClient client = StatkeepUnity.CreateClient(options);
            client.Session.RestoreAsync();
            Task answered = client.Stats.CatalogAsync();
            frames.Run(10);
            Expect(answered.Status == TaskStatus.RanToCompletion, "a call under way ends with its answer");
            UnityWebRequest.Frames = 1000000;
            Task waiting = client.Stats.CatalogAsync();
            frames.Run(3);
            Expect(!waiting.IsCompleted, "a call waits for its answer");
            Expect(GameObject.All.Count(one => !one.IsDestroyed) == 1, "there is one object");
            GameObject owner = GameObject.All.Last();
            // Half of the times play mode ends by quitting, half by destroying the scene.
            if (i % 2 == 0) Application.Quit();
            else UnityEngine.Object.Destroy(owner);
            Application.HasQuit = true;
            frames.Run(10);
            Expect(waiting.IsCanceled, "leaving play mode cancels what waits");
            Expect(frames.Left == 0, "nothing is left to run");
            Expect(UnityWebRequest.Living == 0 && DownloadHandler.Living == 0, "requests and handlers are disposed");
            Expect(GameObject.All.All(one => one.IsDestroyed), "no object is left");
            Expect(Application.Listeners == 1, "one listener to quitting");
        }
        Application.HasQuit = false;
        UnityWebRequest.RefusesHttp = true;
        StatkeepClient plain = StatkeepUnity.CreateClient(new StatkeepOptions { Url = "http://localhost:1", Retries = 0 });
        Expect(store.Keys.Count == 1, "two clients made from the same options keep their session in the same place");
        Task refused = plain.Stats.CatalogAsync();
        frames.Run(10);
        Expect(refused.Exception?.InnerException is StatkeepException { Code: ProblemCode.Network } known && known.Detail.Contains("Development builds"),
            "where Unity refuses http, the exception says what to set");
        foreach (string fault in faults) Console.WriteLine("not true: " + fault);
        return faults.Count;
    }
}
