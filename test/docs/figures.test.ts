/** Lifetimes and limits in the pages of `docs/`, compared with the constants that the code uses. */
import { expect, test } from 'vitest'
import operations from '../../docs/operations.md?raw'
import storage from '../../docs/storage.md?raw'
import { CACHE_SECONDS } from '../../src/http/cached.ts'
import { IDEMPOTENCY_RECORD_DAYS } from '../../src/idempotency/idempotent.ts'
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
