// Generated from /openapi.json by scripts/unity/generate.ts.

namespace Statkeep
{
    /// <summary>The stats of the service. Any text is taken, so a new stat needs no new client.</summary>
    public static class Stat
    {
        public const string MeleeAtkXp = "meleeAtkXp";
        public const string MagicAtkXp = "magicAtkXp";
        public const string RangeAtkXp = "rangeAtkXp";
        public const string HealthXp = "healthXp";
        public const string ShieldXp = "shieldXp";
        public const string EvasionXp = "evasionXp";
        public const string SizeXp = "sizeXp";
        public const string BlockXp = "blockXp";
        public const string ResistXp = "resistXp";
        public const string SpeedXp = "speedXp";
    }
}
