using System;
using System.Collections.Generic;
using Statkeep;

static partial class Probe
{
    /// <summary>For each document, a line a document on standard input: how our reader reads it, in a form that can be compared.</summary>
    static void ReadLines()
    {
        for (string line; (line = Console.In.ReadLine()) != null;)
        {
            string document = Uri.UnescapeDataString(line);
            try
            {
                JsonWriter json = new JsonWriter();
                Show(JsonReader.Read(document), json);
                Console.Out.WriteLine(json.ToString());
            }
            catch (JsonException)
            {
                Console.Out.WriteLine("refused");
            }
        }
    }

    static void Show(JsonValue value, JsonWriter json)
    {
        switch (value.Kind)
        {
            case JsonKind.Null: json.Value((string)null); break;
            case JsonKind.Boolean: json.Value(value.AsBoolean()); break;
            case JsonKind.Text: json.Value(value.AsText()); break;
            // Of a double its bits, since the runtimes write them differently; of a whole number its digits.
            case JsonKind.Number:
                json.Begin('{');
                if (value.TryLong(out long whole)) json.Member("long", whole);
                json.Member("bits", BitConverter.DoubleToInt64Bits(value.AsDouble()).ToString("x16")).End('}');
                break;
            case JsonKind.List:
                json.Begin('[');
                foreach (JsonValue item in value.Items) Show(item, json);
                json.End(']');
                break;
            default:
                json.Begin('{');
                foreach (KeyValuePair<string, JsonValue> member in value.Members)
                {
                    json.Name(member.Key);
                    Show(member.Value, json);
                }
                json.End('}');
                break;
        }
    }
}
