// As much of UnityEngine as the adapters touch, with the signatures of Unity's manual. No Unity ran it.
using System;
using System.Collections.Generic;

namespace UnityEngine
{
    [Flags]
    public enum HideFlags { None = 0, HideInHierarchy = 1 }

    public class Object
    {
        public HideFlags hideFlags { get; set; }
        public bool IsDestroyed { get; internal set; }
        public static int Living;

        public Object()
        {
            Living++;
        }

        public static void DontDestroyOnLoad(Object target) { }

        public static void Destroy(Object target)
        {
            if (target.IsDestroyed) return;
            target.IsDestroyed = true;
            Living--;
            if (target is GameObject owner)
                foreach (Component part in owner.Parts)
                {
                    Destroy(part);
                    part.Send("OnDestroy");
                }
        }

        public static bool operator ==(Object a, Object b) => ReferenceEquals(a is { IsDestroyed: true } ? null : a, b is { IsDestroyed: true } ? null : b);
        public static bool operator !=(Object a, Object b) => !(a == b);
        public override bool Equals(object other) => ReferenceEquals(this, other);
        public override int GetHashCode() => base.GetHashCode();
    }

    public class GameObject : Object
    {
        internal readonly List<Component> Parts = new List<Component>();
        public static readonly List<GameObject> All = new List<GameObject>();

        public GameObject(string name)
        {
            if (Application.HasQuit) throw new InvalidOperationException("An object was made after quitting.");
            All.Add(this);
        }

        public T AddComponent<T>() where T : Component, new()
        {
            T part = new T { gameObject = this };
            Parts.Add(part);
            return part;
        }
    }

    public class Component : Object
    {
        public GameObject gameObject { get; internal set; }

        /// <summary>Calls one of Unity's messages, as the engine does.</summary>
        public void Send(string message, params object[] arguments) =>
            GetType().GetMethod(message, System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)?.Invoke(this, arguments);
    }

    public class MonoBehaviour : Component { }
    public class ScriptableObject : Object { }
    public sealed class SerializeField : Attribute { }

    public sealed class TooltipAttribute : Attribute
    {
        public TooltipAttribute(string text) { }
    }

    public sealed class AddComponentMenu : Attribute
    {
        public AddComponentMenu(string menu) { }
    }

    public sealed class CreateAssetMenuAttribute : Attribute
    {
        public string menuName { get; set; }
        public string fileName { get; set; }
    }

    public enum RuntimeInitializeLoadType { SubsystemRegistration = 4 }

    public sealed class RuntimeInitializeOnLoadMethodAttribute : Attribute
    {
        public RuntimeInitializeOnLoadMethodAttribute(RuntimeInitializeLoadType when) { }
    }

    public static class Application
    {
        public static bool isPlaying => true;
        public static string dataPath => "/project/Assets";
        public static event Action quitting;
        public static bool HasQuit;
        public static int Listeners => quitting?.GetInvocationList().Length ?? 0;
        public static void Quit() => quitting?.Invoke();
    }

    public static class Time
    {
        static readonly System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
        public static double realtimeSinceStartupAsDouble => watch.Elapsed.TotalSeconds;
    }

    public static class Debug
    {
        public static bool isDebugBuild => true;
        public static void Log(object message) => Console.WriteLine(message);
        public static void LogWarning(object message) => Console.WriteLine(message);
        public static void LogError(object message) => Console.WriteLine(message);
    }

    public static class PlayerPrefs
    {
        static readonly Dictionary<string, string> values = new Dictionary<string, string>();
        public static bool HasKey(string key) => values.ContainsKey(key);
        public static string GetString(string key) => values[key];
        public static void SetString(string key, string value) => values[key] = value;
        public static void DeleteKey(string key) => values.Remove(key);
        public static void Save() { }
    }

    public static class GUILayout
    {
        /// <summary>What the last frame showed.</summary>
        public static readonly List<string> Labels = new List<string>();
        /// <summary>The button that the player presses in this frame.</summary>
        public static string Pressed;
        public static void Label(string text) => Labels.Add(text);
        public static bool Button(string text) => Pressed != null && text.StartsWith(Pressed);
    }
}
