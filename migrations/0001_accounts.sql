-- Accounts, sessions, keys, stats, and idempotency records.
-- Times are integer milliseconds since 1970. Names and emails compare without regard to ASCII case.

CREATE TABLE users (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,        -- never used again: a deleted user's token must not become the next one's
  username      TEXT    NOT NULL COLLATE NOCASE UNIQUE,
  email         TEXT    COLLATE NOCASE UNIQUE,
  password_hash TEXT,                                     -- PHC string or passlib's form; NULL: no log-in by password
  version       INTEGER NOT NULL DEFAULT 1,               -- raised to end every token issued before
  disabled_at   INTEGER,
  created_at    INTEGER NOT NULL,
  twitch_id     TEXT    UNIQUE,
  origin        TEXT    UNIQUE                            -- where an imported user came from: "flask-users:17"
);

CREATE TABLE sessions (
  id           TEXT    PRIMARY KEY,
  user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_of_user ON sessions (user_id, created_at);

-- Used tokens stay until they expire, so that a second use is recognised.
CREATE TABLE refresh_tokens (
  token_hash TEXT    PRIMARY KEY,                         -- SHA-256
  session_id TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL,
  used_by    TEXT                                         -- the attempt that used it
) WITHOUT ROWID;
CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id);

CREATE TABLE password_resets (
  token_hash TEXT    PRIMARY KEY,
  user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX password_resets_of_user ON password_resets (user_id);

-- What every isolate reads each few seconds. No foreign key: the end of a deleted user's tokens outlives the user.
CREATE TABLE ended_tokens (
  subject  TEXT    PRIMARY KEY,                           -- a user's id or a session's
  version  INTEGER NOT NULL,                              -- tokens of a lower version are over
  ended_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX ended_tokens_by_time ON ended_tokens (ended_at);

CREATE TABLE api_keys (
  id           TEXT    PRIMARY KEY,
  user_id      INTEGER REFERENCES users (id) ON DELETE CASCADE,  -- NULL: nobody owns it
  name         TEXT    NOT NULL,
  secret_hash  TEXT    NOT NULL,                          -- SHA-256
  imported     INTEGER NOT NULL DEFAULT 0,                -- an old app's token: only as username:token, never as Bearer
  prefix       TEXT    NOT NULL,
  last_four    TEXT    NOT NULL,
  scopes       TEXT    NOT NULL,                          -- space-separated
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER,
  last_used_at INTEGER                                    -- to the hour
) WITHOUT ROWID;
CREATE INDEX api_keys_by_secret ON api_keys (secret_hash);
CREATE INDEX api_keys_of_user ON api_keys (user_id, created_at);

-- Only stats that were changed are stored; the catalog is code.
CREATE TABLE stats (
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  stat    TEXT    NOT NULL,
  value   INTEGER NOT NULL CHECK (typeof(value) = 'integer'),
  PRIMARY KEY (user_id, stat)
) WITHOUT ROWID;
CREATE INDEX stats_by_value ON stats (stat, value DESC, user_id);

-- The first answer to each Idempotency-Key, written in the batch that did the work.
CREATE TABLE kept_answers (
  caller      TEXT    NOT NULL,                           -- user:1, key:key_…, session:ses_…, anyone
  key_hash    TEXT    NOT NULL,                           -- SHA-256 of the Idempotency-Key
  fingerprint TEXT    NOT NULL,                           -- HMAC of the request
  outcome     TEXT    NOT NULL,                           -- JSON, made by the same SQL that did the work
  sealed      TEXT,                                       -- what the answer showed once, under a key derived from the Idempotency-Key
  about       INTEGER,                                    -- the one user whom it is about, if not the caller; 0: several
  expires_at  INTEGER NOT NULL,
  PRIMARY KEY (caller, key_hash)
) WITHOUT ROWID;
CREATE INDEX kept_answers_about ON kept_answers (about) WHERE about IS NOT NULL;

CREATE TABLE service_state (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  stopped_at INTEGER
);
INSERT INTO service_state (id) VALUES (1);
