-- Emails become unique after NFKC and Unicode case folding; email_key is the folded form. SQLite folds ASCII only, so the
-- system job `emails` adds the keys of the other rows, and reports emails that collide.

ALTER TABLE users ADD COLUMN email_key TEXT;
ALTER TABLE users ADD COLUMN write_id TEXT;               -- the id of the last write: other statements of its batch check it

UPDATE users SET email_key = lower(email) WHERE length(email) = length(CAST(email AS BLOB));

CREATE UNIQUE INDEX users_by_email_key ON users (email_key) WHERE email_key IS NOT NULL;
CREATE INDEX users_without_email_key ON users (id) WHERE email IS NOT NULL AND email_key IS NULL;
