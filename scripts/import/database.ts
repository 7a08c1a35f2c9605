/** The database that an import goes into: the one on this machine through its binding, a deployed one through wrangler. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execute } from '../sql.ts'
import { applyMigrations, openLocal, wrangler } from '../wrangler.ts'
import type { ExistingUser } from './plan.ts'

export type Database = {
  label: string
  rows: (sql: string) => Promise<Record<string, unknown>[]>
  /** All of these statements or none. */
  write: (statements: string[]) => Promise<void>
  close: () => Promise<void>
}

/** To rehearse, the database on this machine is taken as it is: undefined where there is none yet. */
export function openDatabase({ dry, remote }: { dry: boolean; remote: boolean }): Promise<Database | undefined> {
  if (remote) return Promise.resolve(openRemoteDatabase())
  return dry ? openLocalDatabaseToLook() : openLocalDatabase()
}

/** Made and migrated where there is none. */
async function openLocalDatabase(): Promise<Database> {
  await applyMigrations('--local')
  return localDatabase()
}

async function openLocalDatabaseToLook(): Promise<Database | undefined> {
  if (!existsSync('.wrangler/state/v3/d1')) return undefined
  const database = await localDatabase()
  const tables = await database.rows("SELECT name FROM sqlite_master WHERE name IN ('users', 'grants')")
  if (tables.length === 2) return database
  await database.close()
  return undefined
}

async function localDatabase(): Promise<Database> {
  const { env, dispose } = await openLocal()
  return {
    label: 'the database on this machine',
    rows: async (sql) => (await env.DB.prepare(sql).all()).results,
    write: async (statements) => {
      await env.DB.batch(statements.map((sql) => env.DB.prepare(sql)))
    },
    close: dispose,
  }
}

/** Migrated by `npm run deploy`. wrangler puts each file back whole if it fails. */
function openRemoteDatabase(): Database {
  return {
    label: 'the deployed database',
    rows: async (sql) => (await execute('--remote', sql))[0] ?? [],
    write: async (statements) => {
      const folder = mkdtempSync(join(tmpdir(), 'statkeep-import-'))
      const file = join(folder, 'batch.sql')
      try {
        writeFileSync(file, statements.map((sql) => `${sql};\n`).join(''), { mode: 0o600 })
        await wrangler(['d1', 'execute', 'statkeep', '--remote', '--yes', '--file', file])
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
    close: async () => {},
  }
}

const PAGE = 5000

/** Everyone who is in the database, page by page. */
export async function readExisting(database: Database): Promise<ExistingUser[]> {
  const users: ExistingUser[] = []
  for (let page: ExistingUser[] | undefined; page === undefined || page.length === PAGE; users.push(...page)) {
    page =
      (await database.rows(`SELECT u.id, u.username, u.email, u.twitch_id AS twitchId, u.origin, g.write_id AS toppedUpFrom
FROM users u LEFT JOIN grants g ON g.user_id = u.id AND g.source = 'topup' AND g.source_key = 'import'
WHERE u.id > ${users.at(-1)?.id ?? 0} ORDER BY u.id LIMIT ${PAGE}`)) as ExistingUser[]
  }
  return users
}
