using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Statkeep
{
    /// <summary>Sends calls, and repeats them after a transient fault: the same bytes under the same Idempotency-Key.</summary>
    internal sealed class Api
    {
        const double FirstDelay = 0.5;
        const double MaxDelay = 8;
        /// <summary>How long the service's cache may be older than a write.</summary>
        const double ReadYourWrite = 10;
        /// <summary>Two, since the first may be a replay with an access token that has already expired.</summary>
        const int MaxRefreshes = 2;

        readonly StatkeepOptions options;
        readonly Attempt attempt;
        readonly CancellationToken disposed;
        double lastWrite = double.NegativeInfinity;
        /// <summary>Sent back, so that the game sees what it wrote, whichever replica of the database answers.</summary>
        string bookmark;

        internal Connection Connection { get; }
        internal Func<string, CancellationToken, Task<string>> AccessToken { get; set; }

        internal Api(StatkeepOptions options, Reporter reporter, CancellationToken disposed)
        {
            this.options = options;
            this.disposed = disposed;
            Connection = new Connection(reporter);
            attempt = new Attempt(options, reporter, Connection);
        }

        internal async Task<T> SendAsync<T>(Call call, Func<JsonValue, T> read, CancellationToken cancel)
        {
            Answer answer = await SendAsync(call, cancel);
            try
            {
                return read(answer.Json);
            }
            catch (JsonException fault)
            {
                throw StatkeepException.BadResponse(200, fault.Message);
            }
        }

        internal async Task<Answer> SendAsync(Call call, CancellationToken cancel)
        {
            using (CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancel, disposed))
            {
                ending.Token.ThrowIfCancellationRequested();
                double deadline = options.Clock.Seconds + options.Timeout;
                string token = call.Auth == Auth.Session ? await TokenAsync(null, deadline, ending.Token) : null;
                for (int refreshes = 0; ; refreshes++)
                {
                    try
                    {
                        return await RepeatAsync(call, token, deadline, ending.Token);
                    }
                    catch (StatkeepException fault) when (IsRefusedToken(fault) && token != null && refreshes < MaxRefreshes)
                    {
                    }
                    token = await TokenAsync(token, deadline, ending.Token);
                }
            }
        }

        /// <summary>A wrong password is also a 401, and no new token helps.</summary>
        static bool IsRefusedToken(StatkeepException fault) =>
            fault.Code == ProblemCode.TokenExpired || fault.Code == ProblemCode.Unauthenticated;

        async Task<string> TokenAsync(string refused, double deadline, CancellationToken cancel)
        {
            try
            {
                return await Waits.Within(options.Clock, deadline - options.Clock.Seconds, ending => AccessToken(refused, ending), cancel);
            }
            catch (TimeoutException)
            {
                throw new StatkeepException(ProblemCode.Timeout, "No access token came in time.");
            }
        }

        async Task<Answer> RepeatAsync(Call call, string token, double deadline, CancellationToken cancel)
        {
            for (int repeats = 0; ; repeats++)
            {
                StatkeepException fault;
                try
                {
                    double left = Math.Min(options.AttemptTimeout, deadline - options.Clock.Seconds);
                    Answer answer = await attempt.SendAsync(call, Headers(call, token), left, cancel);
                    if (call.IsWrite && call.Auth != Auth.None) lastWrite = options.Clock.Seconds;
                    bookmark = answer.Bookmark ?? bookmark;
                    return answer;
                }
                catch (StatkeepException failed)
                {
                    fault = failed;
                }
                // The first attempt, whose answer was lost, has deleted it.
                if (repeats > 0 && call.Method == "DELETE" && (fault.Code == ProblemCode.NotFound || fault.Code == ProblemCode.Unauthenticated)) return default;
                double? delay = repeats < (call.Retries ?? options.Retries) ? Delay(fault, repeats) : null;
                if (delay == null || options.Clock.Seconds + delay.Value >= deadline) throw fault;
                await options.Clock.DelayAsync(delay.Value, cancel);
            }
        }

        /// <returns>Null if the call is not repeated.</returns>
        double? Delay(StatkeepException fault, int repeats)
        {
            bool passes = fault.Code == ProblemCode.Network || fault.Code == ProblemCode.Timeout || fault.Status == 408
                || fault.Status == 429 || fault.Status == 500 || (fault.Status >= 502 && fault.Status <= 504)
                || (fault.Code == ProblemCode.BadResponse && fault.Status >= 500);
            if (!passes || fault.HasOddRetryAfter) return null;
            if (fault.RetryAfter == null) return options.Random() * Math.Min(MaxDelay, FirstDelay * Math.Pow(2, repeats));
            return fault.RetryAfter.Value;
        }

        List<KeyValuePair<string, string>> Headers(Call call, string token)
        {
            List<KeyValuePair<string, string>> headers = new List<KeyValuePair<string, string>>();
            void Set(string name, string value) => headers.Add(new KeyValuePair<string, string>(name, value));
            string authorization = token != null ? "Bearer " + token : call.Authorization;
            if (authorization != null) Set("Authorization", authorization);
            if (call.IdempotencyKey != null) Set("Idempotency-Key", call.IdempotencyKey);
            if (!call.IsWrite && options.Clock.Seconds - lastWrite < ReadYourWrite) Set("Cache-Control", "no-cache");
            if (bookmark != null) Set("X-D1-Bookmark", bookmark);
            Set("Accept", "application/json");
            return headers;
        }
    }
}
