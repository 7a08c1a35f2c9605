// Generated from /openapi.json by scripts/unity/generate.ts.

namespace Statkeep
{
    /// <summary>The codes of the service. Others may come.</summary>
    public static partial class ProblemCode
    {
        public const string InvalidRequest = "invalid_request";
        public const string Unauthenticated = "unauthenticated";
        public const string InvalidCredentials = "invalid_credentials";
        public const string TokenExpired = "token_expired";
        public const string InsufficientCredits = "insufficient_credits";
        public const string Forbidden = "forbidden";
        public const string NotFound = "not_found";
        public const string MethodNotAllowed = "method_not_allowed";
        public const string UsernameTaken = "username_taken";
        public const string EmailTaken = "email_taken";
        public const string Conflict = "conflict";
        public const string BodyTooLarge = "body_too_large";
        public const string UnsupportedMediaType = "unsupported_media_type";
        public const string IdempotencyKeyReused = "idempotency_key_reused";
        public const string OutOfBounds = "out_of_bounds";
        public const string ExceedsHold = "exceeds_hold";
        public const string RateLimited = "rate_limited";
        public const string Internal = "internal";
        public const string Stopped = "stopped";
        public const string Unavailable = "unavailable";
    }
}
