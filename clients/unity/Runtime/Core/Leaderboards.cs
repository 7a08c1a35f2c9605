using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Statkeep
{
    public sealed class Leaderboards
    {
        readonly Api api;

        internal Leaderboards(Api api)
        {
            this.api = api;
        }

        public Task<Leaderboard> TopAsync(string stat, int limit = 10, string cursor = null, CancellationToken cancel = default) =>
            api.SendAsync(
                Open("/api/leaderboards/" + Call.Part(stat) + Call.Query(("limit", limit.ToString()), ("cursor", cursor))),
                Leaderboard.Read, cancel);

        /// <summary>The players around this one. Fails with <see cref="ProblemCode.NotFound"/> for a player who is not listed.</summary>
        public async Task<IReadOnlyList<LeaderboardEntry>> AroundAsync(string stat, string user, int radius = 5, CancellationToken cancel = default) =>
            (await api.SendAsync(
                Open("/api/leaderboards/" + Call.Part(stat) + "/around/" + Call.Part(user) + "?radius=" + radius),
                Neighbours.Read, cancel)).Entries;

        public LeaderboardPager Pages(string stat, int pageSize = 10) => new LeaderboardPager(this, stat, pageSize);

        static Call Open(string path)
        {
            Call call = Call.Get(path);
            call.Auth = Auth.None;
            return call;
        }
    }

    /// <summary>Pages through a leaderboard. It keeps the cursors of the pages that were read, not the pages.</summary>
    public sealed class LeaderboardPager
    {
        readonly Leaderboards boards;
        readonly string stat;
        readonly int pageSize;
        /// <summary>The cursors of the pages so far and of the next one. The first page has none.</summary>
        readonly List<string> cursors = new List<string> { "" };
        int next;

        public IReadOnlyList<LeaderboardEntry> Entries { get; private set; } = System.Array.Empty<LeaderboardEntry>();
        public bool HasMore => next < cursors.Count;
        public bool HasPrevious => next > 1;

        internal LeaderboardPager(Leaderboards boards, string stat, int pageSize)
        {
            this.boards = boards;
            this.stat = stat;
            this.pageSize = pageSize;
        }

        /// <returns>False if there is no further page; <see cref="Entries"/> then stays.</returns>
        public Task<bool> NextAsync(CancellationToken cancel = default) => GoAsync(next, cancel);
        public Task<bool> PreviousAsync(CancellationToken cancel = default) => GoAsync(next - 2, cancel);

        async Task<bool> GoAsync(int page, CancellationToken cancel)
        {
            if (page < 0 || page >= cursors.Count) return false;
            Leaderboard board = await boards.TopAsync(stat, pageSize, cursors[page], cancel);
            Entries = board.Entries;
            next = page + 1;
            if (cursors.Count == next && board.NextCursor != "") cursors.Add(board.NextCursor);
            return true;
        }
    }
}
