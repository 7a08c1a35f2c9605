using System;
using System.Collections.Generic;
using System.Text;

namespace Statkeep
{
    internal sealed class JsonException : Exception
    {
        internal JsonException(string message) : base(message) { }
    }

    /// <summary>Reads JSON (RFC 8259). Uses no reflection, which code stripping would break.</summary>
    internal struct JsonReader
    {
        internal const int MaxDepth = 128;

        readonly string json;
        int at;
        int depth;

        JsonReader(string json)
        {
            this.json = json;
            at = 0;
            depth = 0;
        }

        internal static JsonValue Read(string json)
        {
            JsonReader reader = new JsonReader(json);
            JsonValue value = reader.Value();
            reader.Blank();
            if (reader.at < json.Length) throw reader.Unexpected();
            return value;
        }

        JsonValue Value()
        {
            Blank();
            switch (Peek())
            {
                case '{': return Object();
                case '[': return List();
                case '"': return JsonValue.Text(Text());
                case 't': return Word("true", JsonValue.True);
                case 'f': return Word("false", JsonValue.False);
                case 'n': return Word("null", JsonValue.Null);
                default: return Number();
            }
        }

        JsonValue Object()
        {
            Dictionary<string, JsonValue> members = new Dictionary<string, JsonValue>(StringComparer.Ordinal);
            Enter();
            if (!Closes('}'))
            {
                do
                {
                    Blank();
                    if (Peek() != '"') throw Unexpected();
                    string name = Text();
                    Blank();
                    if (Peek() != ':') throw Unexpected();
                    at++;
                    members[name] = Value();
                } while (Continues('}'));
            }
            depth--;
            return JsonValue.Object(members);
        }

        JsonValue List()
        {
            List<JsonValue> items = new List<JsonValue>();
            Enter();
            if (!Closes(']'))
            {
                do items.Add(Value());
                while (Continues(']'));
            }
            depth--;
            return JsonValue.List(items);
        }

        void Enter()
        {
            at++;
            if (++depth > MaxDepth) throw new JsonException("The JSON is nested too deeply.");
        }

        bool Closes(char end)
        {
            Blank();
            if (Peek() != end) return false;
            at++;
            return true;
        }

        bool Continues(char end)
        {
            Blank();
            char next = Peek();
            if (next != ',' && next != end) throw Unexpected();
            at++;
            return next == ',';
        }

        string Text()
        {
            int start = ++at;
            while (Peek() != '"' && json[at] != '\\') Plain();
            if (json[at] == '"') return json.Substring(start, at++ - start);
            StringBuilder text = new StringBuilder(json, start, at - start, 64);
            while (Peek() != '"')
            {
                if (json[at] == '\\') text.Append(Escape());
                else text.Append(Plain());
            }
            at++;
            return text.ToString();
        }

        char Plain() => json[at] < ' ' ? throw Unexpected() : json[at++];

        char Escape()
        {
            at++;
            char kind = Peek();
            at++;
            switch (kind)
            {
                case '"': case '\\': case '/': return kind;
                case 'b': return '\b';
                case 'f': return '\f';
                case 'n': return '\n';
                case 'r': return '\r';
                case 't': return '\t';
                case 'u': break;
                default: at--; throw Unexpected();
            }
            int code = 0;
            for (int i = 0; i < 4; i++, at++)
            {
                int digit = HexDigit(Peek());
                if (digit < 0) throw Unexpected();
                code = code * 16 + digit;
            }
            return (char)code;
        }

        static int HexDigit(char c)
        {
            if (c >= '0' && c <= '9') return c - '0';
            int letter = c | 32;
            return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
        }

        JsonValue Number()
        {
            int start = at;
            if (Peek() == '-') at++;
            if (Peek() == '0') at++;
            else Digits();
            if (at < json.Length && json[at] == '.')
            {
                at++;
                Digits();
            }
            if (at < json.Length && (json[at] | 32) == 'e')
            {
                at++;
                if (Peek() == '+' || json[at] == '-') at++;
                Digits();
            }
            return JsonValue.Number(json.Substring(start, at - start));
        }

        void Digits()
        {
            if (Peek() < '0' || json[at] > '9') throw Unexpected();
            while (at < json.Length && json[at] >= '0' && json[at] <= '9') at++;
        }

        JsonValue Word(string word, JsonValue value)
        {
            if (string.CompareOrdinal(json, at, word, 0, word.Length) != 0) throw Unexpected();
            at += word.Length;
            return value;
        }

        void Blank()
        {
            while (at < json.Length && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) at++;
        }

        char Peek() => at < json.Length ? json[at] : throw new JsonException("The JSON ends too early.");

        JsonException Unexpected() => new JsonException("The JSON is malformed at character " + at + ".");
    }
}
