using System;
using System.Collections.Generic;

namespace Statkeep
{
    /// <summary>Reads the fields of an answer. The exception names a field that is missing or of the wrong type.</summary>
    internal static class Fields
    {
        internal static string Text(JsonValue from, string name, bool required = true)
        {
            JsonValue found = Member(from, name, required);
            if (found == null) return "";
            return found.AsText() ?? throw Wrong(name, "a text");
        }

        internal static long Long(JsonValue from, string name, bool required = true)
        {
            JsonValue found = Member(from, name, required);
            if (found == null) return 0;
            return found.TryLong(out long number) ? number : throw Wrong(name, "a whole number");
        }

        internal static bool Boolean(JsonValue from, string name, bool required = true)
        {
            JsonValue found = Member(from, name, required);
            if (found == null) return false;
            return found.Kind == JsonKind.Boolean ? found.AsBoolean() : throw Wrong(name, "true or false");
        }

        internal static T Object<T>(JsonValue from, string name, Func<JsonValue, T> read, bool required = true)
        {
            JsonValue found = Member(from, name, required);
            if (found == null) return default;
            return found.Kind == JsonKind.Object ? read(found) : throw Wrong(name, "an object");
        }

        internal static IReadOnlyList<T> List<T>(JsonValue from, string name, Func<JsonValue, T> read, bool required = true)
        {
            JsonValue found = Member(from, name, required);
            if (found == null) return Array.Empty<T>();
            if (found.Kind != JsonKind.List) throw Wrong(name, "a list");
            T[] items = new T[found.Items.Count];
            for (int i = 0; i < items.Length; i++) items[i] = read(found.Items[i]);
            return items;
        }

        internal static string Item(JsonValue item) => item.AsText() ?? throw Wrong("a list's item", "a text");

        static JsonValue Member(JsonValue from, string name, bool required)
        {
            JsonValue found = from.Find(name);
            if (found != null && found.Kind != JsonKind.Null) return found;
            return required ? throw new JsonException("The answer has no field \"" + name + "\".") : (JsonValue)null;
        }

        static JsonException Wrong(string name, string kind) => new JsonException("The answer's field \"" + name + "\" is not " + kind + ".");
    }
}
