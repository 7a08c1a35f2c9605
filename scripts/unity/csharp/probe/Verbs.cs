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
    static async Task DoAsync(List<string> verb, JsonWriter json)
    {
        string Word(int at) => at < verb.Count ? verb[at] : null;
        switch (verb[0])
        {
            case "restore":
                await client.Session.RestoreAsync();
                break;
            case "signup":
                await client.Accounts.SignUpAsync(Word(1), Word(2), Word(3));
                break;
            case "guest":
                CreatedUser guest = await client.Accounts.SignUpGuestAsync();
                json.Member("username", guest.Username).Member("password", guest.Password);
                break;
            case "login":
                json.Member("id", (await client.Session.LogInAsync(Word(1), Word(2))).Id);
                break;
            case "logout":
                await client.Session.LogOutAsync();
                break;
            case "forget":
                await client.Session.ForgetAsync();
                break;
            case "refresh":
                await client.Session.RefreshAsync();
                break;
            case "endall":
                await client.Session.EndAllAsync();
                break;
            case "password":
                await client.Accounts.ChangePasswordAsync(Word(1), Word(2));
                break;
            case "export":
                json.Member("length", (await client.Accounts.ExportAsync()).Length);
                break;
            case "add":
                AddResult added = null;
                long times = Word(3) == null ? 1 : Whole(Word(3));
                for (long i = 0; i < times; i++) added = await client.Stats.AddAsync(Word(1), Whole(Word(2)));
                json.Member("queued", added.IsQueued).Member("value", added.Stats?[Word(1)]);
                break;
            case "addmany":
                StatChanges changes = new StatChanges();
                for (int i = 1; i < verb.Count; i += 2) changes.Add(verb[i], Whole(verb[i + 1]));
                json.Member("queued", (await client.Stats.AddAsync(changes)).IsQueued);
                break;
            case "addall":
                await AddToAllAsync(Whole(Word(1)), json);
                break;
            case "flush":
                await client.Stats.FlushAsync();
                break;
            case "drain":
                for (int tries = 0; client.Stats.Pending > 0 && tries < 200; tries++)
                {
                    await client.Stats.FlushAsync();
                    if (client.Stats.Pending > 0) await Task.Delay(200);
                }
                break;
            case "me":
                await MeanwhileAsync((int)Whole(Word(1) ?? "1"), json);
                break;
            case "stats":
                json.Member("stats", (await client.Stats.GetAsync(Word(1))).Stats.All);
                break;
            case "catalog":
                json.Member("count", (await client.Stats.CatalogAsync()).Count);
                break;
            case "spend":
                Spent spent = await client.Credits.SpendAsync(Whole(Word(1)), Word(2));
                json.Member("id", spent.Id).Member("balance", spent.Balance);
                break;
            case "ledger":
                LedgerPager ledger = client.Credits.LedgerPages(1);
                List<string> reasons = new List<string>();
                while (await ledger.NextAsync()) reasons.AddRange(ledger.Entries.Select(entry => entry.Reason));
                json.Member("reasons", reasons);
                break;
            case "credits":
                json.Member("balance", (await client.Credits.GetAsync()).Balance);
                break;
            case "account":
                await UseAccountAsync(Word(1), Word(2), json);
                break;
            case "holds":
                await UseHoldsAsync(json);
                break;
            case "pages":
                await WalkAsync(Word(1), (int)Whole(Word(2)), json);
                break;
            case "back":
                await GoBackAsync(Word(1), (int)Whole(Word(2)), json);
                break;
            case "around":
                IReadOnlyList<LeaderboardEntry> around = await client.Leaderboards.AroundAsync(Word(1), Word(2), (int)Whole(Word(3)));
                json.Member("names", around.Select(entry => entry.Username));
                break;
            case "cancel":
                await CancelAsync(Word(1), (int)Whole(Word(2)), json);
                break;
            case "breakstore":
                store.IsBroken = true;
                break;
            case "sleep":
                await Task.Delay((int)Whole(Word(1)));
                break;
            case "server":
                await ServeAsync(Word(1), json);
                break;
            case "json":
                ReadLines();
                break;
            default:
                throw new ArgumentException("There is no verb " + verb[0]);
        }
    }

    /// <summary>Every call about an account, up to its deletion.</summary>
    static async Task UseAccountAsync(string name, string password, JsonWriter json)
    {
        IReadOnlyList<Profile> found = await client.Accounts.LookUpAsync(new[] { name, "nobody-of-that-name" });
        json.Member("found", found.Select(profile => profile.Username));
        json.Member("listed", (await client.Accounts.ListAsync(name, 5)).Users);
        json.Member("id", (await client.Accounts.GetAsync(name)).Id);
        json.Member("email", (await client.Accounts.ChangeEmailAsync(password, name + "@example.com")).Email);
        json.Member("own", (await client.Accounts.GetMeAsync()).Email);
        json.Member("exported", (await client.Accounts.ExportAsync()).Contains(name + "@example.com"));
        await client.Session.LogInAsync(name, password);
        IReadOnlyList<SessionInfo> sessions = await client.Session.ListAsync();
        await client.Session.EndAsync(sessions.First(session => !session.Current).Id);
        json.Member("sessions", (long)sessions.Count).Member("left", (long)(await client.Session.ListAsync()).Count);
        try
        {
            await client.Accounts.ResetPasswordAsync("not-a-token", "another-password");
        }
        catch (StatkeepException fault)
        {
            json.Member("reset", fault.Code);
        }
        await client.Accounts.DeleteAsync(password);
    }

    static async Task UseHoldsAsync(JsonWriter json)
    {
        long before = (await client.Credits.GetAsync()).Balance;
        Held held = await client.Credits.HoldAsync(9, 60, "a duel");
        json.Member("held", before - held.Balance);
        CapturedHold captured = await client.Credits.CaptureAsync(held.Id, 4);
        json.Member("captured", captured.Captured).Member("released", captured.Released);
        Held other = await client.Credits.HoldAsync(7, 60);
        await client.Credits.ReleaseAsync(other.Id);
        json.Member("spent", before - (await client.Credits.GetAsync()).Balance);
        json.Member("used", (await client.Credits.UsageAsync(1)).Sum(day => day.Credits));
        try
        {
            await client.Credits.SpendAsync(before + 1);
        }
        catch (StatkeepException fault)
        {
            json.Member("refused", fault.Code).Member("balance", fault.Balance).Member("required", fault.Required);
        }
    }

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
        }
    }

    /// <summary>For each document, a line a document on standard input: how our reader reads it, in a form that can be compared.</summary>
    static void ReadLines()
    {
        for (string line; (line = Console.In.ReadLine()) != null;)
        {
            string document = Uri.UnescapeDataString(line);
            try
            {
                JsonWriter json = new JsonWriter();
                Show(JsonReader.Read(document), json);
                Console.Out.WriteLine(json.ToString());
            }
            catch (JsonException)
            {
                Console.Out.WriteLine("refused");
            }
        }
    }

    static void Show(JsonValue value, JsonWriter json)
    {
        switch (value.Kind)
        {
            case JsonKind.Null: json.Value((string)null); break;
            case JsonKind.Boolean: json.Value(value.AsBoolean()); break;
            case JsonKind.Text: json.Value(value.AsText()); break;
            // Of a double its bits, since the runtimes write them differently; of a whole number its digits.
            case JsonKind.Number:
                json.Begin('{');
                if (value.TryLong(out long whole)) json.Member("long", whole);
                json.Member("bits", BitConverter.DoubleToInt64Bits(value.AsDouble()).ToString("x16")).End('}');
                break;
            case JsonKind.List:
                json.Begin('[');
                foreach (JsonValue item in value.Items) Show(item, json);
                json.End(']');
                break;
            default:
                json.Begin('{');
                foreach (KeyValuePair<string, JsonValue> member in value.Members)
                {
                    json.Name(member.Key);
                    Show(member.Value, json);
                }
                json.End('}');
                break;
        }
    }
}
