/** Every table on one page. The migrations are the truth; a test holds the two together. */
import { customType, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Name of the newest migration; `/health` waits for it. */
export const NEWEST_MIGRATION = '0006_alerts_and_jobs.sql'

/** Text that compares without regard to ASCII case: the collation belongs to the column, an index alone does not help `=`. */
const textNoCase = customType<{ data: string }>({ dataType: () => 'text collate nocase' })

export const users = sqliteTable('users', {
  id: integer().primaryKey({ autoIncrement: true }),
  username: textNoCase().notNull(),
  email: textNoCase(),
  passwordHash: text('password_hash'),
  version: integer().notNull().default(1),
  disabledAt: integer('disabled_at'),
  createdAt: integer('created_at').notNull(),
  twitchId: text('twitch_id'),
  origin: text(),
  emailKey: text('email_key'),
  writeId: text('write_id'),
})

const userId = () =>
  integer('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' })

export const sessions = sqliteTable('sessions', {
  id: text().primaryKey(),
  userId: userId(),
  createdAt: integer('created_at').notNull(),
  lastUsedAt: integer('last_used_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
})

export const refreshTokens = sqliteTable('refresh_tokens', {
  tokenHash: text('token_hash').primaryKey(),
  sessionId: text('session_id')
    .notNull()
    .references(() => sessions.id, { onDelete: 'cascade' }),
  expiresAt: integer('expires_at').notNull(),
  usedBy: text('used_by'),
})

export const passwordResets = sqliteTable('password_resets', {
  tokenHash: text('token_hash').primaryKey(),
  userId: userId(),
  expiresAt: integer('expires_at').notNull(),
})

export const revocations = sqliteTable('revocations', {
  subject: text().primaryKey(),
  version: integer().notNull(),
  revokedAt: integer('revoked_at').notNull(),
})

export const apiKeys = sqliteTable('api_keys', {
  id: text().primaryKey(),
  userId: integer('user_id').references(() => users.id, { onDelete: 'cascade' }),
  name: text().notNull(),
  secretHash: text('secret_hash').notNull(),
  imported: integer({ mode: 'boolean' }).notNull().default(false),
  prefix: text().notNull(),
  lastFour: text('last_four').notNull(),
  scopes: text().notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at'),
  lastUsedAt: integer('last_used_at'),
})

export const stats = sqliteTable(
  'stats',
  { userId: userId(), stat: text().notNull(), value: integer().notNull() },
  (t) => [primaryKey({ columns: [t.userId, t.stat] })],
)

/** Kept by triggers on `stats`. */
export const rankBuckets = sqliteTable(
  'rank_buckets',
  { stat: text().notNull(), floor: integer().notNull(), players: integer().notNull() },
  (t) => [primaryKey({ columns: [t.stat, t.floor] })],
)

export const idempotencyRecords = sqliteTable(
  'idempotency_records',
  {
    caller: text().notNull(),
    keyHash: text('key_hash').notNull(),
    fingerprint: text().notNull(),
    outcome: text().notNull(),
    sealed: text(),
    about: integer(),
    expiresAt: integer('expires_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.caller, t.keyHash] })],
)

export const serviceState = sqliteTable('service_state', {
  id: integer().primaryKey(),
  stoppedAt: integer('stopped_at'),
})

export const creditAccounts = sqliteTable('credit_accounts', {
  userId: integer('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  allowance: integer(),
  anchorDay: integer('anchor_day').notNull().default(1),
  timeZone: text('time_zone').notNull().default('UTC'),
  lowAt: integer('low_at'),
  version: integer().notNull().default(0),
  periodEndsAt: integer('period_ends_at'),
})

export const grants = sqliteTable('grants', {
  id: integer().primaryKey({ autoIncrement: true }),
  userId: userId(),
  source: text({ enum: ['plan', 'topup', 'adjustment'] }).notNull(),
  sourceKey: text('source_key').notNull(),
  amount: integer().notNull(),
  remaining: integer().notNull(),
  periodStart: integer('period_start'),
  effectiveFrom: integer('effective_from').notNull(),
  expiresAt: integer('expires_at').notNull(),
  writeId: text('write_id').notNull(),
  closed: integer({ mode: 'boolean' }).notNull().default(false),
})

export const ledger = sqliteTable(
  'ledger',
  {
    userId: userId(),
    at: integer().notNull(),
    txn: text().notNull(),
    writeId: text('write_id').notNull(),
    kind: text({
      enum: ['grant', 'spend', 'hold', 'capture', 'release', 'refund', 'adjustment'],
    }).notNull(),
    amount: integer().notNull(),
    balanceAfter: integer('balance_after').notNull(),
    operation: text().notNull().default(''),
    reason: text().notNull().default(''),
    takes: text().notNull().default('[]'),
    settles: integer(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.at] })],
)

export const holds = sqliteTable(
  'holds',
  {
    userId: userId(),
    at: integer().notNull(),
    amount: integer().notNull(),
    expiresAt: integer('expires_at').notNull(),
    settledBy: text('settled_by'),
    settlement: integer(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.at] })],
)

export const refunds = sqliteTable(
  'refunds',
  { userId: userId(), at: integer().notNull(), writeId: text('write_id').notNull() },
  (t) => [primaryKey({ columns: [t.userId, t.at] })],
)

export const datasetEntries = sqliteTable(
  'dataset_entries',
  {
    dataset: text().notNull(),
    key: text().notNull(),
    data: text().notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.dataset, t.key] })],
)

export const webhooks = sqliteTable('webhooks', {
  id: text().primaryKey(),
  url: text().notNull(),
  format: text({ enum: ['standard', 'discord', 'slack'] })
    .notNull()
    .default('standard'),
  events: text().notNull(),
  secret: text().notNull(),
  enabled: integer({ mode: 'boolean' }).notNull().default(true),
  createdAt: integer('created_at').notNull(),
  restsUntil: integer('rests_until').notNull().default(0),
})

export const deliveries = sqliteTable('deliveries', {
  id: integer().primaryKey({ autoIncrement: true }),
  webhookId: text('webhook_id')
    .notNull()
    .references(() => webhooks.id, { onDelete: 'cascade' }),
  userId: integer('user_id').references(() => users.id, { onDelete: 'cascade' }),
  eventId: text('event_id').notNull(),
  event: text().notNull(),
  onceKey: text('once_key').notNull(),
  payload: text().notNull(),
  priority: integer().notNull().default(0),
  status: text({ enum: ['pending', 'delivered', 'dead'] })
    .notNull()
    .default('pending'),
  attempts: integer().notNull().default(0),
  nextAttemptAt: integer('next_attempt_at'),
  lease: text(),
  lastStatus: integer('last_status'),
  lastError: text('last_error').notNull().default(''),
  createdAt: integer('created_at').notNull(),
  deliveredAt: integer('delivered_at'),
})

export const jobs = sqliteTable('jobs', {
  id: text().primaryKey(),
  action: text().notNull(),
  schedule: text().notNull(),
  payload: text().notNull().default('{}'),
  enabled: integer({ mode: 'boolean' }).notNull().default(true),
  nextRunAt: integer('next_run_at'),
  runId: text('run_id'),
  runCursor: text('run_cursor'),
  leaseUntil: integer('lease_until'),
  failures: integer().notNull().default(0),
  lastRunAt: integer('last_run_at'),
  lastOutcome: text('last_outcome').notNull().default(''),
  lastError: text('last_error').notNull().default(''),
  createdAt: integer('created_at').notNull(),
  finishedBy: text('finished_by'),
})
