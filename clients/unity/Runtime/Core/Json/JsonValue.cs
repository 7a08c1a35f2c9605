using System.Collections.Generic;
using System.Globalization;

namespace Statkeep
{
    internal enum JsonKind { Null, Boolean, Number, Text, List, Object }

    /// <summary>A JSON value that was read. Numbers keep their digits, so that 2^53 − 1 stays exact.</summary>
    internal sealed class JsonValue
    {
        internal static readonly JsonValue Null = new JsonValue(JsonKind.Null, null, null, null);
        internal static readonly JsonValue True = new JsonValue(JsonKind.Boolean, "true", null, null);
        internal static readonly JsonValue False = new JsonValue(JsonKind.Boolean, "false", null, null);

        internal JsonKind Kind { get; }
        internal List<JsonValue> Items { get; }
        internal Dictionary<string, JsonValue> Members { get; }
        readonly string text;

        JsonValue(JsonKind kind, string text, List<JsonValue> items, Dictionary<string, JsonValue> members)
        {
            Kind = kind;
            this.text = text;
            Items = items;
            Members = members;
        }

        internal static JsonValue Number(string digits) => new JsonValue(JsonKind.Number, digits, null, null);
        internal static JsonValue Text(string text) => new JsonValue(JsonKind.Text, text, null, null);
        internal static JsonValue List(List<JsonValue> items) => new JsonValue(JsonKind.List, null, items, null);
        internal static JsonValue Object(Dictionary<string, JsonValue> members) =>
            new JsonValue(JsonKind.Object, null, null, members);

        /// <summary>The member of that name, or null.</summary>
        internal JsonValue Find(string name) =>
            Kind == JsonKind.Object && Members.TryGetValue(name, out JsonValue found) ? found : null;

        internal string AsText(string fallback = null) => Kind == JsonKind.Text ? text : fallback;

        internal bool AsBoolean(bool fallback = false) => Kind == JsonKind.Boolean ? this == True : fallback;

        internal double AsDouble()
        {
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)) return number;
            // Mono rejects numbers out of range; .NET and JSON.parse return infinity.
            return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        }

        /// <returns>False unless it is a whole number that a long holds.</returns>
        internal bool TryLong(out long number)
        {
            number = 0;
            if (Kind != JsonKind.Number) return false;
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)) return true;
            double wide = AsDouble();
            if (wide != System.Math.Floor(wide) || wide < -9e15 || wide > 9e15) return false;
            number = (long)wide;
            return true;
        }

        /// <summary>The digits of a number, as they were sent.</summary>
        internal string Digits => text;
    }
}
