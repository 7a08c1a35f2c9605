-- Tables and columns get the names that the trade uses. No row changes.
-- Code from before this migration does not know the new names: deploy this version with the Worker stopped, see docs/operations.md.

ALTER TABLE kept_answers RENAME TO idempotency_records;
DROP INDEX kept_answers_about;
CREATE INDEX idempotency_records_about ON idempotency_records (about) WHERE about IS NOT NULL;

ALTER TABLE ended_tokens RENAME TO revocations;
ALTER TABLE revocations RENAME COLUMN ended_at TO revoked_at;
DROP INDEX ended_tokens_by_time;
CREATE INDEX revocations_by_time ON revocations (revoked_at);

ALTER TABLE credit_accounts RENAME COLUMN turns_at TO period_ends_at;
DROP INDEX credit_accounts_turning;
CREATE INDEX credit_accounts_by_period_end ON credit_accounts (period_ends_at) WHERE period_ends_at IS NOT NULL;

-- "Attempt" now only means an attempt to deliver an alert.
ALTER TABLE grants RENAME COLUMN attempt TO write_id;
ALTER TABLE ledger RENAME COLUMN attempt TO write_id;
ALTER TABLE refunds RENAME COLUMN attempt TO write_id;
