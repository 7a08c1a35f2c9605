using System;
using System.Collections.Generic;
using System.Globalization;

namespace Statkeep
{
    public static partial class ProblemCode
    {
        /// <summary>No answer came.</summary>
        public const string Network = "network";
        /// <summary>No answer came in time.</summary>
        public const string Timeout = "timeout";
        /// <summary>The answer did not come from the service, or not all of it: a proxy's error page, a truncated body.</summary>
        public const string BadResponse = "bad_response";
        /// <summary>The queue of unsent changes is full.</summary>
        public const string QueueFull = "queue_full";
        public const string NotLoggedIn = "not_logged_in";
        /// <summary>The URL is http and not on this machine.</summary>
        public const string InsecureUrl = "insecure_url";
    }

    /// <summary>A call that failed. Branch on <see cref="Code"/>; see <see cref="ProblemCode"/>.</summary>
    public sealed class StatkeepException : Exception
    {
        public string Code { get; }
        /// <summary>0 if there was no answer.</summary>
        public int Status { get; }
        public string Detail => Message;
        /// <summary>Identifies the request in the operator's log.</summary>
        public string RequestId { get; private set; } = "";
        /// <summary>Seconds to wait, if the service said so.</summary>
        public double? RetryAfter { get; private set; }
        /// <summary>Retry-After was not a number of seconds, which is all that the service sends. Such a call is not repeated.</summary>
        internal bool HasOddRetryAfter { get; private set; }
        public IReadOnlyList<FieldError> Errors { get; private set; } = Array.Empty<FieldError>();
        public long Balance { get; private set; }
        public long Required { get; private set; }
        public string ResetsAt { get; private set; } = "";
        public string RequiredScope { get; private set; } = "";
        /// <summary>A page that explains the code, or empty.</summary>
        public string HelpUrl { get; private set; } = "";

        internal StatkeepException(string code, string detail, int status = 0) : base(detail)
        {
            Code = code;
            Status = status;
        }

        internal static StatkeepException From(Problem problem, string url) =>
            new StatkeepException(problem.Code, Explain(problem), (int)problem.Status)
            {
                RequestId = problem.RequestId,
                Errors = problem.Errors,
                Balance = problem.Balance,
                Required = problem.Required,
                ResetsAt = problem.ResetsAt,
                RequiredScope = problem.RequiredScope,
                HelpUrl = url + problem.Type,
            };

        internal static StatkeepException BadResponse(int status, string reason) =>
            new StatkeepException(ProblemCode.BadResponse, "Not an answer of Statkeep (" + status + "): " + reason, status);

        internal void ReadRetryAfter(string header, DateTime now)
        {
            if (int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)) RetryAfter = seconds;
            else HasOddRetryAfter = header != null;
            const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
            if (DateTime.TryParseExact(header, "r", CultureInfo.InvariantCulture, utc, out DateTime until))
                RetryAfter = Math.Max(0, (until - now).TotalSeconds);
        }

        /// <summary>Whether the same call may succeed later.</summary>
        public bool IsTransient =>
            Code == ProblemCode.Network || Code == ProblemCode.Timeout || Code == ProblemCode.BadResponse
            || Status == 408 || Status == 429 || Status >= 500;

        static string Explain(Problem problem) =>
            problem.RequiredScope == "stats:write" && problem.Code == ProblemCode.Forbidden
                ? problem.Detail + " A game without a server sets PLAYERS_WRITE_STATS = \"true\" on the service, so that players change their own stats."
                : problem.Detail;
    }
}
