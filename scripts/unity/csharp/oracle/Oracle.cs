// How Json.NET reads each document, a line a document on standard input, in the form that the probe's verb `json` prints.
using System;
using System.Globalization;
using System.IO;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

static class Oracle
{
    static void Main()
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        for (string line; (line = Console.In.ReadLine()) != null;)
        {
            try
            {
                StringBuilder shown = new StringBuilder();
                using (JsonTextReader reader = new JsonTextReader(new StringReader(Uri.UnescapeDataString(line))) { DateParseHandling = DateParseHandling.None })
                    Show(JToken.ReadFrom(reader), shown);
                Console.Out.WriteLine(shown);
            }
            catch (Exception fault) when (fault is JsonException || fault is OverflowException || fault is FormatException)
            {
                Console.Out.WriteLine("refused");
            }
        }
    }

    static void Show(JToken token, StringBuilder shown)
    {
        switch (token.Type)
        {
            case JTokenType.Object:
                shown.Append('{');
                foreach (JProperty member in ((JObject)token).Properties())
                {
                    shown.Append(shown[shown.Length - 1] == '{' ? "" : ",").Append(JsonConvert.ToString(member.Name)).Append(':');
                    Show(member.Value, shown);
                }
                shown.Append('}');
                break;
            case JTokenType.Array:
                shown.Append('[');
                foreach (JToken item in (JArray)token)
                {
                    if (shown[shown.Length - 1] != '[') shown.Append(',');
                    Show(item, shown);
                }
                shown.Append(']');
                break;
            case JTokenType.Integer:
            case JTokenType.Float:
                object number = ((JValue)token).Value;
                // By its digits: a BigInteger is cut, not rounded, on its way to a double.
                double wide = number is double exact ? exact : double.Parse(number.ToString(), CultureInfo.InvariantCulture);
                shown.Append('{');
                if (number is long whole) shown.Append("\"long\":").Append(whole.ToString(CultureInfo.InvariantCulture)).Append(',');
                shown.Append("\"bits\":\"").Append(BitConverter.DoubleToInt64Bits(wide).ToString("x16")).Append("\"}");
                break;
            case JTokenType.Boolean: shown.Append((bool)token ? "true" : "false"); break;
            case JTokenType.Null: shown.Append("null"); break;
            default: shown.Append(JsonConvert.ToString((string)token)); break;
        }
    }
}
