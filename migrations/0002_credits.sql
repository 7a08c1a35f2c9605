-- Credits: accounts, grants, the ledger, holds; metered data; alerts; jobs.

CREATE TABLE credit_accounts (
  user_id    INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  allowance  INTEGER,                                     -- NULL: MONTHLY_CREDITS
  anchor_day INTEGER NOT NULL DEFAULT 1 CHECK (anchor_day BETWEEN 1 AND 31),
  time_zone  TEXT    NOT NULL DEFAULT 'UTC',
  low_at     INTEGER,                                     -- NULL: a tenth of the allowance
  version    INTEGER NOT NULL DEFAULT 0,                  -- raised by every change of the above
  turns_at   INTEGER                                      -- when cron rolls the period over; NULL: idle, the next call rolls it over
);
CREATE INDEX credit_accounts_turning ON credit_accounts (turns_at) WHERE turns_at IS NOT NULL;

-- A bucket of credits. The balance is what remains in the buckets that are live; a month is a grant, not an update.
CREATE TABLE grants (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id        INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  source         TEXT    NOT NULL CHECK (source IN ('plan', 'topup', 'adjustment')),
  source_key     TEXT    NOT NULL,                        -- plan: the instant at which the period ends
  amount         INTEGER NOT NULL CHECK (typeof(amount) = 'integer' AND amount >= 0),
  remaining      INTEGER NOT NULL CHECK (typeof(remaining) = 'integer'),
  period_start   INTEGER,                                 -- plan: for GET /api/credits
  effective_from INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL,                        -- 8640000000000000 (the last Date there is): never
  attempt        TEXT    NOT NULL,                        -- the attempt that wrote it
  closed         INTEGER NOT NULL DEFAULT 0,              -- 1: empty or expired, and out of the way of every spend
  CHECK (remaining >= 0 AND remaining <= amount),         -- a last safeguard: a bug aborts the batch instead of creating credits
  UNIQUE (user_id, source, source_key)
);
CREATE INDEX grants_open ON grants (user_id, expires_at, id) WHERE closed = 0;

-- Every movement, in commit order. A transaction's public id is made of user, at and txn, so that it needs no index.
CREATE TABLE ledger (
  user_id       INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  at            INTEGER NOT NULL CHECK (typeof(at) = 'integer'),  -- microseconds, strictly rising within an account
  txn           TEXT    NOT NULL,                         -- random; the same in each retry of one write
  attempt       TEXT    NOT NULL,                         -- one try of that write
  kind          TEXT    NOT NULL CHECK (kind IN ('grant', 'spend', 'hold', 'capture', 'release', 'refund', 'adjustment')),
  amount        INTEGER NOT NULL CHECK (typeof(amount) = 'integer'),
  balance_after INTEGER NOT NULL,
  operation     TEXT    NOT NULL DEFAULT '',
  reason        TEXT    NOT NULL DEFAULT '',
  takes         TEXT    NOT NULL DEFAULT '[]',            -- [[grant id, credits taken], …]; negative where given back
  settles       INTEGER,                                  -- capture, release, refund: the at of what it settles
  PRIMARY KEY (user_id, at)
) WITHOUT ROWID;

-- A hold is settled once.
CREATE TABLE holds (
  user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  at         INTEGER NOT NULL,                            -- of its ledger row
  amount     INTEGER NOT NULL CHECK (amount > 0),
  expires_at INTEGER NOT NULL,
  settled_by TEXT,                                        -- the attempt that settled it
  settlement INTEGER,                                     -- the at of the capture or release
  PRIMARY KEY (user_id, at)
) WITHOUT ROWID;
CREATE INDEX holds_open ON holds (expires_at) WHERE settled_by IS NULL;
CREATE INDEX holds_open_of_user ON holds (user_id, expires_at) WHERE settled_by IS NULL;

-- A spend or a captured hold is given back once.
CREATE TABLE refunds (
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  at      INTEGER NOT NULL,                               -- of the spend or hold that was given back
  attempt TEXT    NOT NULL,
  PRIMARY KEY (user_id, at)
) WITHOUT ROWID;

CREATE TABLE dataset_entries (
  dataset    TEXT    NOT NULL,
  key        TEXT    NOT NULL,
  data       TEXT    NOT NULL,                            -- JSON
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (dataset, key)
) WITHOUT ROWID;

CREATE TABLE webhooks (
  id          TEXT    PRIMARY KEY,
  url         TEXT    NOT NULL,
  format      TEXT    NOT NULL CHECK (format IN ('standard', 'discord')),
  events      TEXT    NOT NULL,                           -- JSON array
  secret      TEXT    NOT NULL,                           -- needed to sign, so it cannot be a hash: encrypted
  enabled     INTEGER NOT NULL DEFAULT 1,
  created_at  INTEGER NOT NULL,
  rests_until INTEGER NOT NULL DEFAULT 0                  -- it did not answer well, or asked to wait: not called before
) WITHOUT ROWID;

-- The outbox: one row an event and endpoint, written in the very batch that causes the event.
CREATE TABLE deliveries (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  webhook_id      TEXT    NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  user_id         INTEGER REFERENCES users (id) ON DELETE CASCADE,  -- whom the event is about
  event_id        TEXT    NOT NULL,                       -- the webhook-id header; stays across retries
  event           TEXT    NOT NULL,
  once_key        TEXT    NOT NULL,                       -- what makes the event happen once
  payload         TEXT    NOT NULL,                       -- JSON
  priority        INTEGER NOT NULL DEFAULT 0,             -- 1: after everything else
  status          TEXT    NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'dead')),
  attempts        INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER,                                -- NULL: nothing left to do
  lease           TEXT,                                   -- who is sending it just now
  last_status     INTEGER,
  last_error      TEXT    NOT NULL DEFAULT '',
  created_at      INTEGER NOT NULL,
  delivered_at    INTEGER,
  UNIQUE (once_key, webhook_id)
);
CREATE INDEX deliveries_due ON deliveries (webhook_id, priority, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX deliveries_of_user ON deliveries (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX deliveries_of_webhook ON deliveries (webhook_id, id);
CREATE INDEX deliveries_by_status ON deliveries (status, id);

CREATE TABLE jobs (
  id            TEXT    PRIMARY KEY,
  action        TEXT    NOT NULL,
  schedule      TEXT    NOT NULL,                         -- as on the wire: every 10m, or a cron line and its time zone
  payload       TEXT    NOT NULL DEFAULT '{}',
  enabled       INTEGER NOT NULL DEFAULT 1,
  next_run_at   INTEGER,                                  -- NULL: not scheduled
  run_id        TEXT,                                     -- of the run that is going on or has to be resumed
  run_cursor    TEXT,                                     -- how far that run has come
  lease_until   INTEGER,
  failures      INTEGER NOT NULL DEFAULT 0,               -- in a row
  last_run_at   INTEGER,
  last_outcome  TEXT    NOT NULL DEFAULT '',
  last_error    TEXT    NOT NULL DEFAULT '',
  created_at    INTEGER NOT NULL                          -- `every 10m` counts from here; a new schedule sets it again
) WITHOUT ROWID;
CREATE INDEX jobs_due ON jobs (next_run_at) WHERE next_run_at IS NOT NULL;
