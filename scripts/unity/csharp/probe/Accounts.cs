using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Statkeep;

static partial class Probe
{
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
}
