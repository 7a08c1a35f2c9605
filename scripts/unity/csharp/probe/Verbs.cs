// What the probe can be told to do, one verb at a time.
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
}
