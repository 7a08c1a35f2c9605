/** Lifetimes and limits in the pages of `docs/`, compared with the constants that the code uses. */
import { expect, test } from 'vitest'
import operations from '../../docs/operations.md?raw'
import storage from '../../docs/storage.md?raw'
import { CACHE_SECONDS } from '../../src/http/cached.ts'
import { IDEMPOTENCY_RECORD_DAYS } from '../../src/idempotency/idempotent.ts'
import { SHARED_STATE_MAX_AGE_SECONDS } from '../../src/service/shared-state.ts'

test.each([
  [
    'storage.md',
    'how long idempotency records stay',
    storage,
    `by its \`Idempotency-Key\` | ${IDEMPOTENCY_RECORD_DAYS} days |`,
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
