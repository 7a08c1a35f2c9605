using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Statkeep
{
    /// <summary>Writes JSON in the order of the calls. The same calls give the same bytes, which an Idempotency-Key relies on.</summary>
    internal sealed class JsonWriter
    {
        readonly StringBuilder json = new StringBuilder();
        bool needsComma;

        public override string ToString() => json.ToString();

        internal JsonWriter Begin(char bracket)
        {
            Separate();
            json.Append(bracket);
            needsComma = false;
            return this;
        }

        internal JsonWriter End(char bracket)
        {
            json.Append(bracket);
            needsComma = true;
            return this;
        }

        internal JsonWriter Name(string name)
        {
            Separate();
            Quote(name);
            json.Append(':');
            needsComma = false;
            return this;
        }

        internal JsonWriter Value(string text)
        {
            Separate();
            if (text == null) json.Append("null");
            else Quote(text);
            return this;
        }

        internal JsonWriter Value(long number)
        {
            Separate();
            json.Append(number.ToString(CultureInfo.InvariantCulture));
            return this;
        }

        internal JsonWriter Value(bool truth)
        {
            Separate();
            json.Append(truth ? "true" : "false");
            return this;
        }

        /// <summary>A member, unless the value is null.</summary>
        internal JsonWriter Member(string name, string text) => text == null ? this : Name(name).Value(text);
        internal JsonWriter Member(string name, long? number) => number == null ? this : Name(name).Value(number.Value);
        internal JsonWriter Member(string name, bool? truth) => truth == null ? this : Name(name).Value(truth.Value);

        internal JsonWriter Member(string name, IEnumerable<string> texts)
        {
            if (texts == null) return this;
            Name(name).Begin('[');
            foreach (string text in texts) Value(text);
            return End(']');
        }

        internal JsonWriter Member(string name, IEnumerable<KeyValuePair<string, long>> numbers)
        {
            if (numbers == null) return this;
            Name(name).Begin('{');
            foreach (KeyValuePair<string, long> number in numbers) Name(number.Key).Value(number.Value);
            return End('}');
        }

        internal JsonWriter Member<T>(string name, IEnumerable<T> items) where T : IJsonWritable
        {
            if (items == null) return this;
            Name(name).Begin('[');
            foreach (T item in items) item.Write(this);
            return End(']');
        }

        void Separate()
        {
            if (needsComma) json.Append(',');
            needsComma = true;
        }

        void Quote(string text)
        {
            json.Append('"');
            for (int i = 0; i < text.Length; i++)
            {
                char c = text[i];
                bool pair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
                if (pair) json.Append(c).Append(text[++i]);
                else if (c == '"' || c == '\\') json.Append('\\').Append(c);
                // A lone surrogate has no UTF-8 form.
                else if (c < ' ' || char.IsSurrogate(c)) json.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                else json.Append(c);
            }
            json.Append('"');
        }
    }

    internal interface IJsonWritable
    {
        void Write(JsonWriter json);
    }
}
