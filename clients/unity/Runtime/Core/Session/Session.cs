using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Statkeep
{
    /// <summary>The logged-in player. A session lasts 30 days from its last use. Only a refusal by the service ends it, never a lost connection.</summary>
    public sealed class Session
    {
        readonly Api api;
        readonly SafeStore store;
        readonly Reporter reporter;
        readonly Refresher refresher;

        public SessionState State { get; private set; }
        /// <summary>Null when nobody is logged in.</summary>
        public User User { get; private set; }
        public event Action<SessionState> Changed;
        /// <summary>The service ended the session; the text says why. Unsent changes are kept for this player.</summary>
        public event Action<string> Ended;
        internal Action OnChanged { get; set; }

        internal Session(Api api, SafeStore store, Reporter reporter, CancellationToken disposed)
        {
            this.api = api;
            this.store = store;
            this.reporter = reporter;
            refresher = new Refresher(api, store, disposed) { OnRefreshed = Refreshed, OnEnded = EndedByService };
            api.AccessToken = refresher.TokenAsync;
        }

        public async Task<User> LogInAsync(string username, string password, CancellationToken cancel = default)
        {
            byte[] pair = Encoding.UTF8.GetBytes(username + ":" + password);
            Call call = Call.Post("/api/token");
            call.Auth = Auth.Header;
            call.Authorization = "Basic " + Convert.ToBase64String(pair);
            TokenPair tokens = await api.SendAsync(call, TokenPair.Read, cancel);
            Call who = Call.Get("/api/users/me");
            who.Auth = Auth.Header;
            who.Authorization = "Bearer " + tokens.Token;
            OwnProfile me = await api.SendAsync(who, OwnProfile.Read, cancel);
            refresher.Start(tokens, new User(me.Id, me.Username));
            Set(SessionState.LoggedIn, new User(me.Id, me.Username));
            return User;
        }

        /// <summary>Restores the player of the last run. Needs no network. Null if nobody is logged in.</summary>
        public Task<User> RestoreAsync(CancellationToken cancel = default)
        {
            cancel.ThrowIfCancellationRequested();
            if (State == SessionState.LoggedIn) return Task.FromResult(User);
            User user = SessionRecord.Read(store.Read(SessionRecord.Key))?.User;
            Set(user == null ? SessionState.LoggedOut : SessionState.Offline, user);
            return Task.FromResult(user);
        }

        /// <summary>Gets new tokens now. Calls do it automatically when they need to.</summary>
        public async Task RefreshAsync(CancellationToken cancel = default) =>
            await refresher.TokenAsync(refresher.Current, cancel);

        /// <summary>Ends the session here, and on the service if it can be reached. Unsent changes are kept for this player.</summary>
        public async Task LogOutAsync(CancellationToken cancel = default)
        {
            if (User == null) return;
            try
            {
                Call list = Call.Get("/api/sessions");
                list.Retries = 0;
                foreach (SessionInfo session in (await api.SendAsync(list, SessionList.Read, cancel)).Sessions)
                    if (session.Current) await api.SendAsync(Call.Delete("/api/sessions/" + Call.Part(session.Id)), cancel);
            }
            catch (StatkeepException)
            {
                // The session then expires on the service, 30 days after its last use.
            }
            Clear();
        }

        /// <summary>Logs out and deletes the player's unsent changes, so that nothing of the player stays on the device.</summary>
        public async Task ForgetAsync(CancellationToken cancel = default)
        {
            long? id = User?.Id;
            await LogOutAsync(cancel);
            if (id != null) store.Update(QueueRecord.KeyOf(id.Value), _ => null);
            store.Update(Accounts.SignUpKey, _ => null);
        }

        public async Task<IReadOnlyList<SessionInfo>> ListAsync(CancellationToken cancel = default) =>
            (await api.SendAsync(Call.Get("/api/sessions"), SessionList.Read, cancel)).Sessions;

        public async Task EndAsync(string id, CancellationToken cancel = default)
        {
            await api.SendAsync(Call.Delete("/api/sessions/" + Call.Part(id)), cancel);
        }

        /// <summary>Ends the player's sessions on every device, including this one.</summary>
        public async Task EndAllAsync(CancellationToken cancel = default)
        {
            await api.SendAsync(Call.Delete("/api/sessions"), cancel);
            Clear();
        }

        internal void Clear()
        {
            refresher.Stop();
            Set(SessionState.LoggedOut, null);
        }

        void Refreshed(User user) => Set(SessionState.LoggedIn, user);

        void EndedByService(string reason)
        {
            bool wasIn = User != null;
            Set(SessionState.LoggedOut, null);
            if (wasIn) reporter.Raise(Ended, reason);
        }

        void Set(SessionState state, User user)
        {
            bool isNew = State != state || User?.Id != user?.Id;
            State = state;
            User = user;
            if (!isNew) return;
            reporter.Raise(Changed, state);
            OnChanged?.Invoke();
        }
    }
}
