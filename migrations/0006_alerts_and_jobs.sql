-- Endpoints in Slack's format. The column is replaced and not the table: dropping the table would delete its deliveries.
ALTER TABLE webhooks RENAME COLUMN format TO old_format;
ALTER TABLE webhooks ADD COLUMN format TEXT NOT NULL DEFAULT 'standard' CHECK (format IN ('standard', 'discord', 'slack'));
UPDATE webhooks SET format = old_format;
ALTER TABLE webhooks DROP COLUMN old_format;

-- Which write ended the last run: the statements after it in its batch depend on it.
ALTER TABLE jobs ADD COLUMN finished_by TEXT;
