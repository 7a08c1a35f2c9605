/** Lifetimes and limits in the pages of `docs/`, compared with the constants that the code uses. */
import { expect, test } from 'vitest'
import alertsAndJobs from '../../docs/alerts-and-jobs.md?raw'
import operations from '../../docs/operations.md?raw'
import storage from '../../docs/storage.md?raw'
import { EVENTS } from '../../src/alerts/events.ts'
import { BURST } from '../../src/alerts/failing.ts'
import { FORMATS } from '../../src/alerts/formats.ts'
import { DELAYS } from '../../src/alerts/retry.ts'
import { CACHE_SECONDS } from '../../src/http/cached.ts'
import { IDEMPOTENCY_RECORD_DAYS } from '../../src/idempotency/idempotent.ts'
import { ANSWER_WITHIN } from '../../src/jobs/runner.ts'
import { CRON_FIELDS, MAX_INTERVAL } from '../../src/jobs/schedules.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/lib/time.ts'
import { SHARED_STATE_MAX_AGE_SECONDS } from '../../src/service/shared-state.ts'
import { SESSION_DAYS } from '../../src/tokens/tokens.ts'
import { PASSWORD_RESET_HOURS } from '../../src/users/users.ts'
import wranglerToml from '../../wrangler.toml?raw'

/** The number of a limit in wrangler.toml. */
const limitOf = (name: string) =>
  new RegExp(`name = "${name}"\\n.*\\nsimple = \\{ limit = (\\d+),`).exec(wranglerToml)?.[1]

test.each([
  [
    'storage.md',
    'how long idempotency records stay',
    storage,
    `by its \`Idempotency-Key\` | ${IDEMPOTENCY_RECORD_DAYS} days |`,
  ],
  ['storage.md', 'how long a session lasts', storage, `that refreshed it (SHA-256) | ${SESSION_DAYS} days;`],
  ['storage.md', 'how long a password reset is valid', storage, `(SHA-256) | ${PASSWORD_RESET_HOURS} hours |`],
  [
    'operations.md',
    'how many attempts are allowed',
    operations,
    `more than ${limitOf('LOGIN_PAIR')} a minute for a name from an address, ${limitOf('LOGIN_NAME')} for a name, ${limitOf('LOGIN_ADDRESS')} for an address`,
  ],
  ['storage.md', 'how old a cached response may be', storage, `within the last ${CACHE_SECONDS} seconds`],
  [
    'storage.md',
    'how often revocations are read',
    storage,
    `each isolate reads it every ${SHARED_STATE_MAX_AGE_SECONDS} seconds`,
  ],
  [
    'operations.md',
    'how soon a stop is known',
    operations,
    `Within ${SHARED_STATE_MAX_AGE_SECONDS} seconds everywhere`,
  ],
  [
    'operations.md',
    'how long repeated calls are recognised',
    operations,
    `recognised for ${IDEMPOTENCY_RECORD_DAYS} days`,
  ],
])('%s is right about %s', (_page, _what, text, figure) => {
  expect(text.replaceAll(/\s+/g, ' ')).toContain(figure)
})

test('alerts-and-jobs.md names the events, the formats, the delays and the fields of a cron line', () => {
  const text = alertsAndJobs.replaceAll(/\s+/g, ' ')
  const minutes = DELAYS.filter((delay) => delay < HOUR).map((delay) => delay / MINUTE)
  const hours = DELAYS.filter((delay) => delay >= HOUR).map((delay) => delay / HOUR)
  for (const said of [
    ...EVENTS.map((event) => `\`${event}\``),
    ...FORMATS.map((format) => `| \`${format}\` |`),
    ...CRON_FIELDS.map(({ name, range }) => `| ${name} | ${range.replace(/,.*/, '')}`),
    `after ${minutes.join(' and ')} minutes`,
    `${hours.slice(0, -1).join(', ')} and ${hours.at(-1)} hours`,
    `to ${MAX_INTERVAL / DAY} days`,
    `over ${ANSWER_WITHIN / SECOND} seconds`,
  ])
    expect(text).toContain(said)
  expect([BURST.failures, BURST.within]).toEqual([10, MINUTE]) // "ten calls … within a minute"
  expect(text).toContain('ten calls were answered 5xx within a minute')
})
