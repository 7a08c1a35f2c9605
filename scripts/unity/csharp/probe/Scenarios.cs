using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Statkeep;
using Statkeep.Server;

static partial class Probe
{
    static async Task AddToAllAsync(long times, JsonWriter json)
    {
        string[] stats = { Stat.MeleeAtkXp, Stat.MagicAtkXp, Stat.RangeAtkXp, Stat.HealthXp, Stat.ShieldXp, Stat.EvasionXp, Stat.SizeXp, Stat.BlockXp, Stat.ResistXp, Stat.SpeedXp };
        long taken = 0;
        for (; taken < times; taken++)
        {
            try
            {
                await client.Stats.AddAsync(stats[taken % stats.Length], 7);
            }
            catch (StatkeepException fault) when (fault.Code == ProblemCode.QueueFull)
            {
                break;
            }
        }
        json.Member("taken", taken);
    }

    static async Task MeanwhileAsync(int many, JsonWriter json)
    {
        Task<OwnProfile>[] calls = Enumerable.Range(0, many).Select(_ => client.Accounts.GetMeAsync()).ToArray();
        OwnProfile[] profiles = await Task.WhenAll(calls);
        json.Member("answers", profiles.Length).Member("id", profiles[0].Id).Member("stats", profiles[0].Stats.All);
    }

    static async Task WalkAsync(string stat, int pageSize, JsonWriter json)
    {
        // One bit a player, listed1 to listed100000, so that what grows is the client's.
        System.Collections.BitArray names = new System.Collections.BitArray(1000000);
        long lastRank = 0, count = 0, pages = 0, most = 0, start = GC.GetTotalMemory(true);
        string lastName = null;
        LeaderboardPager pager = client.Leaderboards.Pages(stat, pageSize);
        while (await pager.NextAsync())
        {
            foreach (LeaderboardEntry entry in pager.Entries)
            {
                if (entry.Rank < lastRank) throw new InvalidOperationException("A rank fell.");
                lastRank = entry.Rank;
                lastName = entry.Username;
                names[(int)Whole(lastName.Substring("listed".Length))] = true;
                count++;
            }
            if (++pages % 50 == 0) most = Math.Max(most, GC.GetTotalMemory(true) - start);
        }
        json.Member("count", count).Member("names", names.Cast<bool>().LongCount(isSeen => isSeen));
        json.Member("last", lastName).Member("grownBy", most);
    }

    /// <summary>Two pages forth and one back.</summary>
    static async Task GoBackAsync(string stat, int pageSize, JsonWriter json)
    {
        LeaderboardPager pager = client.Leaderboards.Pages(stat, pageSize);
        await pager.NextAsync();
        json.Member("first", pager.Entries.Select(entry => entry.Username));
        await pager.NextAsync();
        json.Member("second", pager.Entries.Select(entry => entry.Username));
        await pager.PreviousAsync();
        json.Member("back", pager.Entries.Select(entry => entry.Username));
    }

    /// <summary>Cancels one of two calls; the other goes on.</summary>
    static async Task CancelAsync(string what, int milliseconds, JsonWriter json)
    {
        System.Diagnostics.Stopwatch watch = new System.Diagnostics.Stopwatch();
        using (CancellationTokenSource cancel = new CancellationTokenSource())
        {
            Task other = what == "refresh" ? client.Accounts.GetMeAsync() : Task.CompletedTask;
            Task work = what == "add" ? client.Stats.AddAsync(Stat.MeleeAtkXp, 1, cancel.Token)
                : what == "refresh" ? client.Accounts.GetMeAsync(cancel.Token) : client.Stats.CatalogAsync(cancel.Token);
            await Task.Delay(milliseconds);
            bool wasOver = work.IsCompleted;
            watch.Start();
            cancel.Cancel();
            string outcome = "answer";
            try
            {
                await work;
            }
            catch (OperationCanceledException)
            {
                outcome = "cancelled";
            }
            json.Member("outcome", wasOver ? "over before" : outcome).Member("after", watch.ElapsedMilliseconds);
            await other;
        }
    }

    static async Task ServeAsync(string user, JsonWriter json)
    {
        using (StatkeepServer server = new StatkeepServer(options))
        {
            ChangedStats changed = await server.AddAsync(user, new StatChanges { { Stat.BlockXp, 25000 } });
            json.Member("value", changed.Stats[Stat.BlockXp]);
            IReadOnlyList<BatchResult> results = await server.BatchAsync(new[]
            {
                new BatchChange { Username = user, Stat = Stat.BlockXp, Change = 1 },
                new BatchChange { Username = "nobody-of-that-name", Stat = Stat.BlockXp, Change = 1 },
            });
            json.Member("results", results.Select(result => result.Ok ? "ok" : result.Code));
            await server.GrantAsync(user, 50, "a gift");
            Spent spent = await server.ChargeAsync(user, 20, "a sword 🗡");
            json.Member("restored", (await server.RefundAsync(spent.Id)).Restored);
            CreatedUser created = await server.CreateUserAsync();
            ChangedStats largest = await server.AddAsync(created.Username, new StatChanges { { Stat.SpeedXp, 9007199254740991 } });
            json.Member("largest", largest.Stats[Stat.SpeedXp]);
        }
    }
}
