// `probe --url U --dir D [--profile P] [--days-off N] verb … , verb …`: one line of JSON for each verb, in one run.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Statkeep;
using Statkeep.Server;

static partial class Probe
{
    static readonly List<string> events = new List<string>();
    static StatkeepClient client;
    static StatkeepOptions options;
    static FileStore store;

    static void Main(string[] arguments)
    {
        Pump.Run(() => RunAsync(arguments));
        Console.Error.Flush();
        // Mono 6.8 sometimes takes a minute to end its threads.
        Process.GetCurrentProcess().Kill();
    }

    static async Task RunAsync(string[] arguments)
    {
        Dictionary<string, string> set = new Dictionary<string, string> { { "--url", "http://127.0.0.1:1" }, { "--dir", "." }, { "--days-off", "0" }, { "--profile", "p" } };
        int first = 0;
        for (; first < arguments.Length && arguments[first].StartsWith("--"); first += 2) set[arguments[first]] = arguments[first + 1];
        options = new StatkeepOptions
        {
            Url = set["--url"],
            Profile = set["--profile"],
            Transport = new HttpTransport(),
            Clock = new ProbeClock(double.Parse(set["--days-off"], CultureInfo.InvariantCulture)),
            Store = store = new FileStore(set["--dir"]),
            Log = new ErrorLog(),
            // Short delays between attempts, so that the tests wait less.
            Random = () => 0.2,
        };
        if (set.ContainsKey("--attempt")) options.AttemptTimeout = double.Parse(set["--attempt"], CultureInfo.InvariantCulture);
        List<string> verb = new List<string>();
        foreach (string word in arguments.Skip(first).Concat(new[] { "," }))
        {
            if (word != ",") verb.Add(word);
            else
            {
                await TryAsync(verb);
                verb.Clear();
            }
        }
        client?.Dispose();
    }

    /// <summary>Prints what came of one verb.</summary>
    static async Task TryAsync(List<string> verb)
    {
        JsonWriter json = new JsonWriter().Begin('{').Member("verb", verb[0]);
        Stopwatch watch = Stopwatch.StartNew();
        bool isOk = false;
        try
        {
            if (client == null && verb[0] != "json" && verb[0] != "server") Create();
            watch.Restart();
            await DoAsync(verb, json);
            isOk = true;
        }
        catch (StatkeepException fault)
        {
            Console.Error.WriteLine(fault.ToString());
            json.Member("code", fault.Code).Member("status", fault.Status).Member("detail", fault.Detail);
            json.Member("requestId", fault.RequestId).Member("requiredScope", fault.RequiredScope).Member("helpUrl", fault.HelpUrl);
            if (fault.RetryAfter != null) json.Member("retryAfter", (long)fault.RetryAfter.Value);
        }
        catch (OperationCanceledException)
        {
            json.Member("code", "cancelled");
        }
        catch (Exception fault)
        {
            Console.Error.WriteLine(fault.ToString());
            json.Member("code", "other: " + fault.GetType().Name);
        }
        json.Member("ok", isOk).Member("ms", watch.ElapsedMilliseconds);
        json.Member("events", events).Member("pending", client?.Stats.Pending);
        json.Member("state", client?.Session.State.ToString()).Member("user", client?.Session.User?.Username);
        Console.WriteLine(json.End('}').ToString());
        Console.Out.Flush();
        events.Clear();
    }

    static void Create()
    {
        client = new StatkeepClient(options);
        client.ConnectionLost += () => events.Add("lost");
        client.ConnectionRestored += () => events.Add("restored");
        client.Session.Changed += state => events.Add("changed " + state);
        client.Session.Ended += reason => events.Add("ended");
        client.Stats.LeveledUp += change => events.Add("level " + change.Stat + " " + change.Level);
        client.Stats.Dropped += dropped => events.Add("dropped " + Text(dropped.Changes) + " " + dropped.Error.Code);
        client.Stats.Stuck += fault => events.Add("stuck " + fault.Code + " " + fault.RequiredScope);
        client.Stats.Uncertain += changes => events.Add("uncertain " + Text(changes));
        // What a listener throws is its own affair.
        client.Stats.Changed += answer => throw new InvalidOperationException("a listener of the game threw");
        client.Session.RestoreAsync();
    }

    static string Text(StatChanges changes) => string.Join("+", changes.Select(change => change.Key + "=" + change.Value));

    static long Whole(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
