using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Statkeep
{
    /// <summary>Accounts and profiles. A user is a name, an id, or <c>me</c>.</summary>
    public sealed class Accounts
    {
        internal const string SignUpKey = "signup";
        const int PasswordTries = 3;

        readonly Api api;
        readonly Session session;
        readonly SafeStore store;

        internal Accounts(Api api, Session session, SafeStore store)
        {
            this.api = api;
            this.session = session;
            this.store = store;
        }

        /// <summary>Creates an account and logs it in.</summary>
        public Task<CreatedUser> SignUpAsync(string username, string password, string email = null, CancellationToken cancel = default) =>
            CreateAsync(username, password, Bodies.NewUser(username, password, email), cancel);

        /// <summary>Creates an account with a generated name and password, and logs it in. Show the password to the player: it is returned only once.</summary>
        public Task<CreatedUser> SignUpGuestAsync(CancellationToken cancel = default) =>
            CreateAsync("", null, Bodies.NewUser(), cancel);

        /// <summary>The key is stored before the call. After a crash the same key returns the same account, and a guest's password, again.</summary>
        async Task<CreatedUser> CreateAsync(string username, string password, string body, CancellationToken cancel)
        {
            Call call = Call.Post("/api/users", body);
            call.Auth = Auth.None;
            store.Update(SignUpKey, stored =>
            {
                int space = stored?.IndexOf(' ') ?? -1;
                if (space > 0 && stored.Substring(space + 1) == username) call.IdempotencyKey = stored.Substring(0, space);
                return call.IdempotencyKey + " " + username;
            });
            try
            {
                CreatedUser user = await api.SendAsync(call, CreatedUser.Read, cancel);
                await session.LogInAsync(user.Username, password ?? user.Password, cancel);
                store.Update(SignUpKey, _ => null);
                return user;
            }
            catch (StatkeepException fault) when (!fault.IsTransient)
            {
                store.Update(SignUpKey, _ => null);
                if (fault.Code != ProblemCode.IdempotencyKeyReused) throw;
                throw new StatkeepException(ProblemCode.UsernameTaken, "The account was made a moment ago with another password or email.", 409);
            }
        }

        public Task<OwnProfile> GetMeAsync(CancellationToken cancel = default) =>
            api.SendAsync(Call.Get("/api/users/me"), OwnProfile.Read, cancel);

        public Task<Profile> GetAsync(string user, CancellationToken cancel = default) =>
            api.SendAsync(Open(Call.Get("/api/users/" + Call.Part(user))), Profile.Read, cancel);

        /// <summary>Up to 100 profiles; unknown names are left out.</summary>
        public async Task<IReadOnlyList<Profile>> LookUpAsync(IEnumerable<string> usernames, CancellationToken cancel = default) =>
            (await api.SendAsync(Open(Call.Post("/api/users/lookup", Bodies.LookUp(usernames))), Profiles.Read, cancel)).Users;

        public Task<Usernames> ListAsync(string prefix = null, int limit = 100, string cursor = null, CancellationToken cancel = default) =>
            api.SendAsync(
                Open(Call.Get("/api/users" + Call.Query(("prefix", prefix), ("limit", limit.ToString()), ("cursor", cursor)))),
                Usernames.Read, cancel);

        /// <param name="email">Empty removes it.</param>
        public Task<ChangedProfile> ChangeEmailAsync(string currentPassword, string email, CancellationToken cancel = default) =>
            api.SendAsync(Call.Patch("/api/users/me", Bodies.ChangeAccount(currentPassword, email: email)), ChangedProfile.Read, cancel);

        /// <summary>Ends every session of the player and starts a new one here.</summary>
        public async Task ChangePasswordAsync(string currentPassword, string newPassword, CancellationToken cancel = default)
        {
            string username = session.User?.Username ?? throw new StatkeepException(ProblemCode.NotLoggedIn, "Nobody is logged in.");
            for (int tries = 1; ; tries++)
            {
                // A new password ends the token that it was sent with, so the service cannot replay the answer.
                Call call = Call.Patch("/api/users/me", Bodies.ChangeAccount(currentPassword, newPassword));
                call.Retries = 0;
                StatkeepException lost = null;
                try
                {
                    await api.SendAsync(call, ChangedProfile.Read, cancel);
                }
                catch (StatkeepException fault) when (fault.IsTransient)
                {
                    lost = fault;
                }
                try
                {
                    await session.LogInAsync(username, newPassword, cancel);
                    return;
                }
                catch (StatkeepException fault) when (lost != null && fault.Code == ProblemCode.InvalidCredentials)
                {
                    if (tries == PasswordTries) throw lost;
                }
            }
        }

        /// <summary>Everything that the service has of this player, as JSON.</summary>
        public async Task<string> ExportAsync(CancellationToken cancel = default) =>
            (await api.SendAsync(Call.Get("/api/users/me/export"), cancel)).Text;

        /// <summary>Deletes the account and everything of this player, here as well.</summary>
        public async Task DeleteAsync(string currentPassword, CancellationToken cancel = default)
        {
            long? id = session.User?.Id;
            await api.SendAsync(Call.Delete("/api/users/me", Bodies.DeleteAccount(currentPassword)), cancel);
            session.Clear();
            if (id != null) store.Update(QueueRecord.KeyOf(id.Value), _ => null);
        }

        /// <summary>Sets a password by a token that the operator gave.</summary>
        public Task<PasswordSet> ResetPasswordAsync(string token, string newPassword, CancellationToken cancel = default) =>
            api.SendAsync(Open(Call.Post("/api/password-reset", Bodies.ResetPassword(token, newPassword))), PasswordSet.Read, cancel);

        static Call Open(Call call)
        {
            call.Auth = Auth.None;
            return call;
        }
    }
}
