// Generated from /openapi.json by scripts/unity/generate.ts.
using System.Collections.Generic;

namespace Statkeep
{
    public sealed class OwnProfile
    {
        public long Id { get; }
        public string Username { get; }
        public string CreatedAt { get; }
        public StatValues Stats { get; }
        public IReadOnlyList<StatLevel> Levels { get; }
        /// <summary>Empty if there is none</summary>
        public string Email { get; }

        OwnProfile(JsonValue from)
        {
            Id = Fields.Long(from, "id");
            Username = Fields.Text(from, "username");
            CreatedAt = Fields.Text(from, "createdAt");
            Stats = Fields.Object(from, "stats", StatValues.Read);
            Levels = Fields.List(from, "levels", StatLevel.Read);
            Email = Fields.Text(from, "email");
        }

        internal static OwnProfile Read(JsonValue from) => new OwnProfile(from);
    }

    public sealed class Profile
    {
        public long Id { get; }
        public string Username { get; }
        public string CreatedAt { get; }
        public StatValues Stats { get; }
        public IReadOnlyList<StatLevel> Levels { get; }

        Profile(JsonValue from)
        {
            Id = Fields.Long(from, "id");
            Username = Fields.Text(from, "username");
            CreatedAt = Fields.Text(from, "createdAt");
            Stats = Fields.Object(from, "stats", StatValues.Read);
            Levels = Fields.List(from, "levels", StatLevel.Read);
        }

        internal static Profile Read(JsonValue from) => new Profile(from);
    }

    public sealed class Profiles
    {
        public IReadOnlyList<Profile> Users { get; }

        Profiles(JsonValue from)
        {
            Users = Fields.List(from, "users", Profile.Read);
        }

        internal static Profiles Read(JsonValue from) => new Profiles(from);
    }

    public sealed class StatLevel
    {
        public string Stat { get; }
        public long Xp { get; }
        public long Level { get; }
        /// <summary>Total XP at which this level begins</summary>
        public long LevelXp { get; }
        /// <summary>Total XP at which the next level begins; 0 at the top level</summary>
        public long NextLevelXp { get; }

        StatLevel(JsonValue from)
        {
            Stat = Fields.Text(from, "stat");
            Xp = Fields.Long(from, "xp");
            Level = Fields.Long(from, "level");
            LevelXp = Fields.Long(from, "levelXp");
            NextLevelXp = Fields.Long(from, "nextLevelXp");
        }

        internal static StatLevel Read(JsonValue from) => new StatLevel(from);
    }

    public sealed class ChangedProfile
    {
        public long Id { get; }
        public string Username { get; }
        public string Email { get; }
        /// <summary>API keys of this user that are still active</summary>
        public long Keys { get; }

        ChangedProfile(JsonValue from)
        {
            Id = Fields.Long(from, "id");
            Username = Fields.Text(from, "username");
            Email = Fields.Text(from, "email");
            Keys = Fields.Long(from, "keys");
        }

        internal static ChangedProfile Read(JsonValue from) => new ChangedProfile(from);
    }

    public sealed class CreatedUser
    {
        public long Id { get; }
        public string Username { get; }
        /// <summary>Only if it was made up</summary>
        public string Password { get; }

        CreatedUser(JsonValue from)
        {
            Id = Fields.Long(from, "id");
            Username = Fields.Text(from, "username");
            Password = Fields.Text(from, "password", required: false);
        }

        internal static CreatedUser Read(JsonValue from) => new CreatedUser(from);
    }

    public sealed class Usernames
    {
        public IReadOnlyList<string> Users { get; }
        public string NextCursor { get; }

        Usernames(JsonValue from)
        {
            Users = Fields.List(from, "users", Fields.Item);
            NextCursor = Fields.Text(from, "nextCursor");
        }

        internal static Usernames Read(JsonValue from) => new Usernames(from);
    }

    public sealed class UserStats
    {
        public StatValues Stats { get; }
        public IReadOnlyList<StatLevel> Levels { get; }

        UserStats(JsonValue from)
        {
            Stats = Fields.Object(from, "stats", StatValues.Read);
            Levels = Fields.List(from, "levels", StatLevel.Read);
        }

        internal static UserStats Read(JsonValue from) => new UserStats(from);
    }

    public sealed class StatChange
    {
        public string Stat { get; }
        public long Change { get; }
        public long Previous { get; }
        public long Value { get; }
        public long PreviousLevel { get; }
        public long Level { get; }
        public bool LeveledUp { get; }
        /// <summary>Total XP at which the next level begins; 0 at the top level</summary>
        public long NextLevelXp { get; }

        StatChange(JsonValue from)
        {
            Stat = Fields.Text(from, "stat");
            Change = Fields.Long(from, "change");
            Previous = Fields.Long(from, "previous");
            Value = Fields.Long(from, "value");
            PreviousLevel = Fields.Long(from, "previousLevel");
            Level = Fields.Long(from, "level");
            LeveledUp = Fields.Boolean(from, "leveledUp");
            NextLevelXp = Fields.Long(from, "nextLevelXp");
        }

        internal static StatChange Read(JsonValue from) => new StatChange(from);
    }

    public sealed class ChangedStats
    {
        public StatValues Stats { get; }
        public IReadOnlyList<StatChange> Changes { get; }

        ChangedStats(JsonValue from)
        {
            Stats = Fields.Object(from, "stats", StatValues.Read);
            Changes = Fields.List(from, "changes", StatChange.Read);
        }

        internal static ChangedStats Read(JsonValue from) => new ChangedStats(from);
    }

    public sealed class StatRule
    {
        public string Stat { get; }
        public long Min { get; }
        public long Max { get; }
        public long Default { get; }
        /// <summary>What one call changes it by at most, up or down, where players change their own stats</summary>
        public long MaxChange { get; }
        public long TopLevel { get; }

        StatRule(JsonValue from)
        {
            Stat = Fields.Text(from, "stat");
            Min = Fields.Long(from, "min");
            Max = Fields.Long(from, "max");
            Default = Fields.Long(from, "default");
            MaxChange = Fields.Long(from, "maxChange");
            TopLevel = Fields.Long(from, "topLevel");
        }

        internal static StatRule Read(JsonValue from) => new StatRule(from);
    }

    public sealed class Catalog
    {
        public IReadOnlyList<StatRule> Stats { get; }

        Catalog(JsonValue from)
        {
            Stats = Fields.List(from, "stats", StatRule.Read);
        }

        internal static Catalog Read(JsonValue from) => new Catalog(from);
    }

    public sealed class BatchResult
    {
        public long Index { get; }
        public bool Ok { get; }
        public string Username { get; }
        public string Stat { get; }
        public long Change { get; }
        public long Previous { get; }
        public long Value { get; }
        public long PreviousLevel { get; }
        public long Level { get; }
        public bool LeveledUp { get; }
        /// <summary>Total XP at which the next level begins; 0 at the top level</summary>
        public long NextLevelXp { get; }
        public string Code { get; }
        public string Detail { get; }

        BatchResult(JsonValue from)
        {
            Index = Fields.Long(from, "index");
            Ok = Fields.Boolean(from, "ok");
            Username = Fields.Text(from, "username", required: false);
            Stat = Fields.Text(from, "stat", required: false);
            Change = Fields.Long(from, "change", required: false);
            Previous = Fields.Long(from, "previous", required: false);
            Value = Fields.Long(from, "value", required: false);
            PreviousLevel = Fields.Long(from, "previousLevel", required: false);
            Level = Fields.Long(from, "level", required: false);
            LeveledUp = Fields.Boolean(from, "leveledUp", required: false);
            NextLevelXp = Fields.Long(from, "nextLevelXp", required: false);
            Code = Fields.Text(from, "code", required: false);
            Detail = Fields.Text(from, "detail", required: false);
        }

        internal static BatchResult Read(JsonValue from) => new BatchResult(from);
    }

    public sealed class BatchResults
    {
        /// <summary>One a change, in order. Changes of one user and stat succeed or fail together, by their sum; where they pass a bound on the way, the bound is shown.</summary>
        public IReadOnlyList<BatchResult> Results { get; }

        BatchResults(JsonValue from)
        {
            Results = Fields.List(from, "results", BatchResult.Read);
        }

        internal static BatchResults Read(JsonValue from) => new BatchResults(from);
    }

    public sealed class Leaderboard
    {
        /// <summary>A stat of the catalog</summary>
        public string Stat { get; }
        public IReadOnlyList<LeaderboardEntry> Entries { get; }
        public string NextCursor { get; }

        Leaderboard(JsonValue from)
        {
            Stat = Fields.Text(from, "stat");
            Entries = Fields.List(from, "entries", LeaderboardEntry.Read);
            NextCursor = Fields.Text(from, "nextCursor");
        }

        internal static Leaderboard Read(JsonValue from) => new Leaderboard(from);
    }

    public sealed class LeaderboardEntry
    {
        /// <summary>Equal values share a rank: 1, 2, 2, 4</summary>
        public long Rank { get; }
        public string Username { get; }
        public long Value { get; }
        public long Level { get; }

        LeaderboardEntry(JsonValue from)
        {
            Rank = Fields.Long(from, "rank");
            Username = Fields.Text(from, "username");
            Value = Fields.Long(from, "value");
            Level = Fields.Long(from, "level");
        }

        internal static LeaderboardEntry Read(JsonValue from) => new LeaderboardEntry(from);
    }

    public sealed class Neighbours
    {
        /// <summary>A stat of the catalog</summary>
        public string Stat { get; }
        public IReadOnlyList<LeaderboardEntry> Entries { get; }

        Neighbours(JsonValue from)
        {
            Stat = Fields.Text(from, "stat");
            Entries = Fields.List(from, "entries", LeaderboardEntry.Read);
        }

        internal static Neighbours Read(JsonValue from) => new Neighbours(from);
    }

    public sealed class BillingPeriod
    {
        public string Start { get; }
        public string End { get; }

        BillingPeriod(JsonValue from)
        {
            Start = Fields.Text(from, "start");
            End = Fields.Text(from, "end");
        }

        internal static BillingPeriod Read(JsonValue from) => new BillingPeriod(from);
    }

    public sealed class CreditGrant
    {
        /// <summary>Empty for an allowance that is not opened yet</summary>
        public string Id { get; }
        public string Source { get; }
        public long Remaining { get; }
        public long Amount { get; }
        /// <summary>Empty: never</summary>
        public string ExpiresAt { get; }

        CreditGrant(JsonValue from)
        {
            Id = Fields.Text(from, "id");
            Source = Fields.Text(from, "source");
            Remaining = Fields.Long(from, "remaining");
            Amount = Fields.Long(from, "amount");
            ExpiresAt = Fields.Text(from, "expiresAt");
        }

        internal static CreditGrant Read(JsonValue from) => new CreditGrant(from);
    }

    public sealed class CreditBalance
    {
        public long Balance { get; }
        /// <summary>Credits of a month</summary>
        public long Allowance { get; }
        public string ResetsAt { get; }
        public BillingPeriod Period { get; }
        public long AnchorDay { get; }
        public string TimeZone { get; }
        /// <summary>At this balance or below it is low</summary>
        public long LowAt { get; }
        public IReadOnlyList<CreditGrant> Grants { get; }

        CreditBalance(JsonValue from)
        {
            Balance = Fields.Long(from, "balance");
            Allowance = Fields.Long(from, "allowance");
            ResetsAt = Fields.Text(from, "resetsAt");
            Period = Fields.Object(from, "period", BillingPeriod.Read);
            AnchorDay = Fields.Long(from, "anchorDay");
            TimeZone = Fields.Text(from, "timeZone");
            LowAt = Fields.Long(from, "lowAt");
            Grants = Fields.List(from, "grants", CreditGrant.Read);
        }

        internal static CreditBalance Read(JsonValue from) => new CreditBalance(from);
    }

    public sealed class Granted
    {
        public string Id { get; }
        public long Amount { get; }
        public long Balance { get; }
        public string ExpiresAt { get; }

        Granted(JsonValue from)
        {
            Id = Fields.Text(from, "id");
            Amount = Fields.Long(from, "amount");
            Balance = Fields.Long(from, "balance");
            ExpiresAt = Fields.Text(from, "expiresAt");
        }

        internal static Granted Read(JsonValue from) => new Granted(from);
    }

    public sealed class LedgerEntry
    {
        public string Id { get; }
        public string Kind { get; }
        /// <summary>Signed</summary>
        public long Amount { get; }
        public long BalanceAfter { get; }
        public string Operation { get; }
        public string Reason { get; }
        public string CreatedAt { get; }

        LedgerEntry(JsonValue from)
        {
            Id = Fields.Text(from, "id");
            Kind = Fields.Text(from, "kind");
            Amount = Fields.Long(from, "amount");
            BalanceAfter = Fields.Long(from, "balanceAfter");
            Operation = Fields.Text(from, "operation");
            Reason = Fields.Text(from, "reason");
            CreatedAt = Fields.Text(from, "createdAt");
        }

        internal static LedgerEntry Read(JsonValue from) => new LedgerEntry(from);
    }

    public sealed class Ledger
    {
        public IReadOnlyList<LedgerEntry> Entries { get; }
        public string NextCursor { get; }

        Ledger(JsonValue from)
        {
            Entries = Fields.List(from, "entries", LedgerEntry.Read);
            NextCursor = Fields.Text(from, "nextCursor");
        }

        internal static Ledger Read(JsonValue from) => new Ledger(from);
    }

    public sealed class UsageDay
    {
        public string Day { get; }
        public string Operation { get; }
        public long Calls { get; }
        public long Credits { get; }

        UsageDay(JsonValue from)
        {
            Day = Fields.Text(from, "day");
            Operation = Fields.Text(from, "operation");
            Calls = Fields.Long(from, "calls");
            Credits = Fields.Long(from, "credits");
        }

        internal static UsageDay Read(JsonValue from) => new UsageDay(from);
    }

    public sealed class Usage
    {
        public IReadOnlyList<UsageDay> Days { get; }

        Usage(JsonValue from)
        {
            Days = Fields.List(from, "days", UsageDay.Read);
        }

        internal static Usage Read(JsonValue from) => new Usage(from);
    }

    public sealed class Spent
    {
        public string Id { get; }
        public long Charged { get; }
        public long Balance { get; }

        Spent(JsonValue from)
        {
            Id = Fields.Text(from, "id");
            Charged = Fields.Long(from, "charged");
            Balance = Fields.Long(from, "balance");
        }

        internal static Spent Read(JsonValue from) => new Spent(from);
    }

    public sealed class Held
    {
        public string Id { get; }
        public long Amount { get; }
        public long Balance { get; }
        public string ExpiresAt { get; }

        Held(JsonValue from)
        {
            Id = Fields.Text(from, "id");
            Amount = Fields.Long(from, "amount");
            Balance = Fields.Long(from, "balance");
            ExpiresAt = Fields.Text(from, "expiresAt");
        }

        internal static Held Read(JsonValue from) => new Held(from);
    }

    public sealed class CapturedHold
    {
        public string Id { get; }
        public long Captured { get; }
        public long Released { get; }
        public long Balance { get; }

        CapturedHold(JsonValue from)
        {
            Id = Fields.Text(from, "id");
            Captured = Fields.Long(from, "captured");
            Released = Fields.Long(from, "released");
            Balance = Fields.Long(from, "balance");
        }

        internal static CapturedHold Read(JsonValue from) => new CapturedHold(from);
    }

    public sealed class ReleasedHold
    {
        public string Id { get; }
        public long Released { get; }
        public long Balance { get; }

        ReleasedHold(JsonValue from)
        {
            Id = Fields.Text(from, "id");
            Released = Fields.Long(from, "released");
            Balance = Fields.Long(from, "balance");
        }

        internal static ReleasedHold Read(JsonValue from) => new ReleasedHold(from);
    }

    public sealed class Refunded
    {
        public string Id { get; }
        public long Amount { get; }
        /// <summary>How much of it is live again; the rest went back to a grant that has expired</summary>
        public long Restored { get; }
        public long Balance { get; }

        Refunded(JsonValue from)
        {
            Id = Fields.Text(from, "id");
            Amount = Fields.Long(from, "amount");
            Restored = Fields.Long(from, "restored");
            Balance = Fields.Long(from, "balance");
        }

        internal static Refunded Read(JsonValue from) => new Refunded(from);
    }

    public sealed class TokenPair
    {
        /// <summary>For `Authorization: Bearer …`, or in place of the user name in Basic</summary>
        public string Token { get; }
        public string TokenType { get; }
        /// <summary>Seconds for which the token is valid</summary>
        public long Duration { get; }
        public string ExpiresAt { get; }
        /// <summary>Gets the next pair of tokens. Works once, within 30 days</summary>
        public string RefreshToken { get; }

        TokenPair(JsonValue from)
        {
            Token = Fields.Text(from, "token");
            TokenType = Fields.Text(from, "tokenType");
            Duration = Fields.Long(from, "duration");
            ExpiresAt = Fields.Text(from, "expiresAt");
            RefreshToken = Fields.Text(from, "refreshToken");
        }

        internal static TokenPair Read(JsonValue from) => new TokenPair(from);
    }

    public sealed class SessionInfo
    {
        public string Id { get; }
        public string CreatedAt { get; }
        /// <summary>When its latest tokens were issued</summary>
        public string LastUsedAt { get; }
        /// <summary>When it ends, unless it is refreshed before</summary>
        public string ExpiresAt { get; }
        /// <summary>True for the one whose token makes this call</summary>
        public bool Current { get; }

        SessionInfo(JsonValue from)
        {
            Id = Fields.Text(from, "id");
            CreatedAt = Fields.Text(from, "createdAt");
            LastUsedAt = Fields.Text(from, "lastUsedAt");
            ExpiresAt = Fields.Text(from, "expiresAt");
            Current = Fields.Boolean(from, "current");
        }

        internal static SessionInfo Read(JsonValue from) => new SessionInfo(from);
    }

    public sealed class SessionList
    {
        public IReadOnlyList<SessionInfo> Sessions { get; }

        SessionList(JsonValue from)
        {
            Sessions = Fields.List(from, "sessions", SessionInfo.Read);
        }

        internal static SessionList Read(JsonValue from) => new SessionList(from);
    }

    public sealed class PasswordSet
    {
        public long Id { get; }
        public string Username { get; }

        PasswordSet(JsonValue from)
        {
            Id = Fields.Long(from, "id");
            Username = Fields.Text(from, "username");
        }

        internal static PasswordSet Read(JsonValue from) => new PasswordSet(from);
    }

    public sealed class FieldError
    {
        public string Path { get; }
        public string Message { get; }

        FieldError(JsonValue from)
        {
            Path = Fields.Text(from, "path");
            Message = Fields.Text(from, "message");
        }

        internal static FieldError Read(JsonValue from) => new FieldError(from);
    }

    public sealed class Problem
    {
        /// <summary>A path of this service that explains the code</summary>
        public string Type { get; }
        public string Title { get; }
        public long Status { get; }
        public string Detail { get; }
        public string Code { get; }
        public string RequestId { get; }
        public IReadOnlyList<FieldError> Errors { get; }
        /// <summary>With `forbidden`: a scope that would help</summary>
        public string RequiredScope { get; }
        /// <summary>With `insufficient_credits`</summary>
        public long Balance { get; }
        /// <summary>With `insufficient_credits`</summary>
        public long Required { get; }
        /// <summary>With `insufficient_credits`</summary>
        public string ResetsAt { get; }

        Problem(JsonValue from)
        {
            Type = Fields.Text(from, "type");
            Title = Fields.Text(from, "title");
            Status = Fields.Long(from, "status");
            Detail = Fields.Text(from, "detail");
            Code = Fields.Text(from, "code");
            RequestId = Fields.Text(from, "requestId");
            Errors = Fields.List(from, "errors", FieldError.Read, required: false);
            RequiredScope = Fields.Text(from, "requiredScope", required: false);
            Balance = Fields.Long(from, "balance", required: false);
            Required = Fields.Long(from, "required", required: false);
            ResetsAt = Fields.Text(from, "resetsAt", required: false);
        }

        internal static Problem Read(JsonValue from) => new Problem(from);
    }
}
