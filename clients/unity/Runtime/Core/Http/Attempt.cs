using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;

namespace Statkeep
{
    /// <summary>Sends a call once. Every failure becomes a StatkeepException.</summary>
    internal sealed class Attempt
    {
        const int MaxBytes = 4 * 1024 * 1024;
        const int MaxShown = 200;

        readonly StatkeepOptions options;
        readonly Reporter reporter;
        readonly Connection connection;

        internal Attempt(StatkeepOptions options, Reporter reporter, Connection connection)
        {
            this.options = options;
            this.reporter = reporter;
            this.connection = connection;
        }

        internal async Task<Answer> SendAsync(
            Call call, List<KeyValuePair<string, string>> headers, double seconds, CancellationToken cancel)
        {
            TransportRequest request = new TransportRequest(call.Method, options.Url + call.Path, call.Body, headers, MaxBytes);
            double start = options.Clock.Seconds;
            TransportResponse response;
            try
            {
                response = await Waits.Within(options.Clock, seconds, ending => options.Transport.SendAsync(request, ending), cancel);
            }
            catch (TimeoutException)
            {
                throw Failed(call, start, new StatkeepException(ProblemCode.Timeout, "No answer came in time."));
            }
            catch (TransportException fault) when (fault.Status == 0)
            {
                connection.Lost();
                throw Failed(call, start, new StatkeepException(ProblemCode.Network, fault.Message));
            }
            catch (TransportException fault)
            {
                throw Failed(call, start, StatkeepException.BadResponse(fault.Status, fault.Message));
            }
            connection.Restored();
            try
            {
                Answer answer = Read(response);
                Log(LogLevel.Debug, call, start, response.Status.ToString(CultureInfo.InvariantCulture), response.Header("X-Request-Id"));
                return answer;
            }
            catch (StatkeepException fault)
            {
                throw Failed(call, start, fault);
            }
        }

        Answer Read(TransportResponse response)
        {
            bool isReplay = response.Header("Idempotency-Replayed") == "true";
            string bookmark = response.Header("X-D1-Bookmark");
            if (response.Status == 204) return new Answer(JsonValue.Null, "", isReplay, bookmark);
            JsonValue json = ReadObject(response);
            if (json != null && response.Status >= 200 && response.Status < 300) return new Answer(json, response.Text, isReplay, bookmark);
            Problem problem = json != null && response.Status >= 400 ? ReadProblem(json, response.Status) : null;
            StatkeepException fault = problem != null
                ? StatkeepException.From(problem, options.Url)
                : StatkeepException.BadResponse(response.Status, Shown(response.Text));
            fault.ReadRetryAfter(response.Header("Retry-After"), options.Clock.UtcNow);
            throw fault;
        }

        /// <returns>Null if it is not a JSON object, or its content type is not JSON.</returns>
        static JsonValue ReadObject(TransportResponse response)
        {
            string type = (response.Header("Content-Type") ?? "").Split(';')[0].Trim();
            if (!type.EndsWith("/json", StringComparison.OrdinalIgnoreCase) && !type.EndsWith("+json", StringComparison.OrdinalIgnoreCase))
                return null;
            try
            {
                JsonValue json = JsonReader.Read(response.Text);
                return json.Kind == JsonKind.Object ? json : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }

        static Problem ReadProblem(JsonValue json, int status)
        {
            try
            {
                Problem problem = Problem.Read(json);
                return problem.Status == status ? problem : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }

        /// <summary>The start of an error page. Never a truncated answer of the service, which may contain a token.</summary>
        static string Shown(string text)
        {
            if (text.TrimStart().StartsWith("{", StringComparison.Ordinal)) return "the JSON is cut, or has another form.";
            return text.Length > MaxShown ? text.Substring(0, MaxShown) : text;
        }

        StatkeepException Failed(Call call, double start, StatkeepException fault)
        {
            Log(LogLevel.Warning, call, start, (fault.Status == 0 ? "" : fault.Status + " ") + fault.Code, fault.RequestId);
            return fault;
        }

        void Log(LogLevel level, Call call, double start, string outcome, string requestId)
        {
            long milliseconds = (long)((options.Clock.Seconds - start) * 1000);
            reporter.Log(level, call.Method + " " + call.LogPath + " " + outcome + " " + milliseconds + "ms " + requestId);
        }
    }
}
