using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Statkeep
{
    /// <summary>The player's own credits. Every write happens once, even if it has to be sent several times.</summary>
    public sealed class Credits
    {
        readonly Api api;

        internal Credits(Api api)
        {
            this.api = api;
        }

        public Task<CreditBalance> GetAsync(CancellationToken cancel = default) =>
            api.SendAsync(Call.Get("/api/credits"), CreditBalance.Read, cancel);

        public Task<Spent> SpendAsync(long amount, string reason = null, CancellationToken cancel = default) =>
            api.SendAsync(Call.Post("/api/credits/spend", Bodies.Spend(amount, reason)), Spent.Read, cancel);

        /// <summary>Reserves credits until they are captured or released, or the hold expires.</summary>
        public Task<Held> HoldAsync(long amount, long expiresInSeconds, string reason = null, CancellationToken cancel = default) =>
            api.SendAsync(Call.Post("/api/credits/holds", Bodies.Hold(amount, expiresInSeconds, reason)), Held.Read, cancel);

        /// <summary>Takes part of a hold, or all of it, and gives back the rest.</summary>
        public Task<CapturedHold> CaptureAsync(string id, long amount, CancellationToken cancel = default) =>
            api.SendAsync(Call.Post("/api/credits/holds/" + Call.Part(id) + "/capture", Bodies.Capture(amount)), CapturedHold.Read, cancel);

        public Task<ReleasedHold> ReleaseAsync(string id, CancellationToken cancel = default) =>
            api.SendAsync(Call.Post("/api/credits/holds/" + Call.Part(id) + "/release"), ReleasedHold.Read, cancel);

        public LedgerPager LedgerPages(int pageSize = 50) => new LedgerPager(api, pageSize);

        public async Task<IReadOnlyList<UsageDay>> UsageAsync(int days = 30, CancellationToken cancel = default) =>
            (await api.SendAsync(Call.Get("/api/credits/usage?days=" + days), Usage.Read, cancel)).Days;
    }

    /// <summary>Every movement of credits, newest first.</summary>
    public sealed class LedgerPager
    {
        readonly Api api;
        readonly int pageSize;
        string cursor = "";

        public IReadOnlyList<LedgerEntry> Entries { get; private set; } = System.Array.Empty<LedgerEntry>();
        public bool HasMore { get; private set; } = true;

        internal LedgerPager(Api api, int pageSize)
        {
            this.api = api;
            this.pageSize = pageSize;
        }

        public async Task<bool> NextAsync(CancellationToken cancel = default)
        {
            if (!HasMore) return false;
            string path = "/api/credits/ledger" + Call.Query(("limit", pageSize.ToString()), ("cursor", cursor));
            Ledger page = await api.SendAsync(Call.Get(path), Ledger.Read, cancel);
            Entries = page.Entries;
            cursor = page.NextCursor;
            HasMore = cursor != "";
            return true;
        }
    }
}
