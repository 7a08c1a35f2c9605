// `game ASSEMBLY TYPE URL BUTTON TEXT`: puts a script on an object, presses a button each second until the screen shows a
// text, and prints each new screen. On stand-ins for UnityEngine and the real network.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Reflection;
using System.Threading;
using Statkeep.Unity;
using UnityEngine;
using UnityEngine.Networking;

static class Game
{
    const double Longest = 30;

    static void Main(string[] arguments)
    {
        string button = arguments[3], wanted = arguments[4];
        Frames frames = new Frames();
        SynchronizationContext.SetSynchronizationContext(frames);
        UnityWebRequest.Frames = -1;
        typeof(StatkeepUnity).GetMethod("Reset", BindingFlags.Static | BindingFlags.NonPublic).Invoke(null, null);
        StatkeepSettings settings = new StatkeepSettings();
        Set(settings, "url", arguments[2]);
        Type type = Assembly.LoadFrom(arguments[0]).GetType(arguments[1]);
        MonoBehaviour script = (MonoBehaviour)Activator.CreateInstance(type);
        Set(script, "settings", settings);
        script.Send("Start");
        Stopwatch watch = Stopwatch.StartNew();
        string shown = "";
        double pressed = 0.5;
        while (watch.Elapsed.TotalSeconds < Longest && !shown.Contains(wanted))
        {
            frames.Run();
            bool presses = watch.Elapsed.TotalSeconds > pressed;
            if (presses) pressed += 0.3;
            GUILayout.Pressed = presses ? button : null;
            GUILayout.Labels.Clear();
            script.Send("OnGUI");
            string now = string.Join(" | ", GUILayout.Labels);
            if (now != shown) Console.WriteLine(now);
            shown = now;
            Thread.Sleep(10);
        }
        Application.Quit();
        Console.Out.Flush();
        // Mono 6.8 sometimes takes a minute to end its threads.
        Process.GetCurrentProcess().Kill();
    }

    static void Set(object on, string field, object value) =>
        on.GetType().GetField(field, BindingFlags.Instance | BindingFlags.NonPublic).SetValue(on, value);
}

sealed class Frames : SynchronizationContext
{
    readonly Queue<Action> work = new Queue<Action>();

    public override void Post(SendOrPostCallback callback, object state)
    {
        lock (work) work.Enqueue(() => callback(state));
    }

    public void Run()
    {
        int now;
        lock (work) now = work.Count;
        for (; now > 0; now--)
        {
            Action step;
            lock (work) step = work.Dequeue();
            step();
        }
    }
}
