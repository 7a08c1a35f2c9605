-- Emails become unique after NFKC and Unicode case folding, not only whatever their ASCII case: email_key is the folded form.
-- SQLite folds ASCII only. The system job `email-keys` gives the rows that are left their key, and reports those that collide.

ALTER TABLE users ADD COLUMN email_key TEXT;
ALTER TABLE users ADD COLUMN write_id TEXT;               -- the last write: what belongs to it in the same batch asks for this id

UPDATE users SET email_key = lower(email) WHERE length(email) = length(CAST(email AS BLOB));

CREATE UNIQUE INDEX users_by_email_key ON users (email_key) WHERE email_key IS NOT NULL;
CREATE INDEX users_without_email_key ON users (id) WHERE email IS NOT NULL AND email_key IS NULL;
