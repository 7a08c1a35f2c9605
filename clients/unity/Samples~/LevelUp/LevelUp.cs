using System;
using Statkeep;
using Statkeep.Unity;
using UnityEngine;

/// <summary>A guest who trains. Put it on an empty object, give it the settings, press Play. Needs no other package.</summary>
public sealed class LevelUp : MonoBehaviour
{
    [SerializeField] StatkeepSettings settings = null;

    StatkeepClient client;
    string player = "…";
    string message = "";
    long xp;

    async void Start()
    {
        try
        {
            client = StatkeepUnity.CreateClient(settings);
            client.Stats.LeveledUp += change => message = "Level " + change.Level + "!";
            client.Stats.Changed += answer => xp = answer.Stats[Stat.MeleeAtkXp];
            client.Stats.Stuck += fault => message = fault.Detail;
            User user = await client.Session.RestoreAsync();
            if (user == null)
            {
                CreatedUser guest = await client.Accounts.SignUpGuestAsync();
                // Shown this once: with it the player comes back on another device.
                Debug.Log("You are " + guest.Username + ". Write your password down; the game shows it once.");
                message = "Your password: " + guest.Password;
                player = guest.Username;
            }
            else player = user.Username;
            xp = (await client.Stats.GetAsync("me")).Stats[Stat.MeleeAtkXp];
        }
        catch (StatkeepException fault)
        {
            message = fault.Code + ": " + fault.Detail;
        }
        catch (OperationCanceledException)
        {
            // Play mode ended.
        }
    }

    void OnGUI()
    {
        GUILayout.Label(player + (client != null && client.IsOnline ? "" : " (offline)"));
        GUILayout.Label(xp + " XP. " + message);
        if (GUILayout.Button("Train: 25 XP")) Train();
    }

    async void Train()
    {
        try
        {
            AddResult result = await client.Stats.AddAsync(Stat.MeleeAtkXp, 25);
            if (result.IsQueued) message = client.Stats.Pending + " waiting to be sent";
        }
        catch (StatkeepException fault)
        {
            message = fault.Code + ": " + fault.Detail;
        }
        catch (OperationCanceledException)
        {
        }
    }

    void OnDestroy() => client?.Dispose();
}
