/** The demo world: a small population for an empty local database. */
import { sql } from 'drizzle-orm'
import { BY_SERVICE } from '../src/authority/authority.ts'
import { writeEntries } from '../src/datasets/datasets.ts'
import { batchRows } from '../src/db/client.ts'
import { noRecord } from '../src/db/idempotency-record.ts'
import { type Deps, makeDeps, newIsolateCache } from '../src/deps.ts'
import { changeManyStats } from '../src/stats/batch.ts'
import { STAT_NAMES } from '../src/stats/catalog.ts'
import { createUser } from '../src/users/users.ts'
import { banks } from './banks.ts'
import { spendAMonth } from './web/demo-month.ts'
import { openLocal } from './wrangler.ts'

export const DEMO_LOGIN = { username: 'kicksent', password: 'python' }

/** XP in the order of the catalog: melee, magic, range, health, shield, evasion, size, block, resist, speed. */
const PEOPLE: Record<string, number[]> = {
  kicksent: [12_400, 3_150, 800, 9_200, 4_100, 600, 0, 2_750, 1_200, 5_050],
  BraveOtter: [98_700, 120, 4_400, 61_000, 22_300, 1_900, 150, 30_500, 8_800, 12_000],
  CalmHeron: [450, 88_200, 2_600, 15_400, 9_100, 7_300, 0, 1_050, 41_900, 6_600],
  SwiftLynx: [21_000, 5_500, 73_600, 18_900, 2_200, 55_100, 300, 900, 3_300, 94_300],
  QuietMoose: [12_400, 0, 0, 120_500, 64_000, 0, 9_900, 77_700, 25_000, 100],
  ZestyGecko: [3_300, 12_900, 15_200, 4_800, 1_000, 20_600, 50, 700, 2_100, 33_300],
  NobleRaven: [45_600, 45_600, 45_600, 45_600, 45_600, 45_600, 45_600, 45_600, 45_600, 45_600],
  LuckyNewt: [90, 310, 40, 1_000, 0, 250, 0, 0, 75, 500],
  MightyBison: [495_000, 0, 0, 310_000, 150_000, 800, 72_000, 240_000, 99_000, 1_500],
  WittyFox: [7_700, 23_400, 31_000, 6_400, 3_900, 28_800, 0, 2_000, 5_600, 40_100],
  GentleWhale: [0, 0, 0, 495_000, 0, 0, 495_000, 0, 12_000, 0],
  EagerWombat: [1_250, 900, 2_050, 3_600, 450, 1_700, 20, 350, 600, 2_900],
  SilentOwl: [33_000, 57_800, 12_100, 20_200, 11_000, 19_500, 0, 8_400, 27_300, 16_600],
}

/** Makes the demo world if there is nothing yet. @returns what it did, and whether the demo user exists. */
export async function seedDemo(): Promise<{ outcome: string; hasLogin: boolean }> {
  const { env, dispose } = await openLocal()
  try {
    const deps = makeDeps(env, newIsolateCache())
    const { strangers, stats, login } = await countPeople(deps)
    if (strangers || stats)
      return { outcome: login ? 'there already' : 'left out: there are users already', hasLogin: !!login }
    if (!login) {
      const { id } = await createUser(deps, { ...DEMO_LOGIN, email: 'kicksent@example.com' }, noRecord)
      await spendAMonth(deps, id)
    }
    await writeEntries(
      deps,
      'banks_data',
      banks.map((bank) => ({ key: bank.bic, data: bank })),
    )
    // Last, in one batch: if this is interrupted before, the next start makes the rest.
    await changeManyStats(deps, changes(), { createMissing: true, authority: BY_SERVICE }, noRecord)
    return {
      outcome: `${Object.keys(PEOPLE).length} users with stats and ${banks.length} banks to buy made`,
      hasLogin: true,
    }
  } finally {
    await dispose()
  }
}

async function countPeople({ db }: Deps) {
  const [rows] = await batchRows(db, [
    sql`SELECT (SELECT COUNT(*) FROM users WHERE username <> ${DEMO_LOGIN.username}) AS strangers, (SELECT COUNT(*) FROM stats) AS stats,
      (SELECT COUNT(*) FROM users WHERE username = ${DEMO_LOGIN.username}) AS login`,
  ])
  return rows?.[0] as { strangers: number; stats: number; login: number }
}

function changes() {
  return Object.entries(PEOPLE).flatMap(([username, values]) =>
    values
      .map((change, i) => ({ username, stat: STAT_NAMES[i] as string, change }))
      .filter(({ change }) => change !== 0),
  )
}
