/** The parts of the OpenAPI document that are not routes: title, tags, credentials, and shared parameters and headers. */
import packageJson from '../../package.json' with { type: 'json' }
import { MAX_BODY_KIB, MAX_LARGE_BODY_KIB } from '../http/received.ts'
import { IDEMPOTENCY_RECORD_DAYS, MIN_ANONYMOUS_KEY_LENGTH } from '../idempotency/idempotent.ts'
import { ACCESS_TOKEN_SECONDS } from '../tokens/access-token.ts'

const INTRODUCTION = `
Player accounts, stats, tokens and credits for games.

- JSON in and out; the top level is always an object. A path works with and without a trailing slash.
- Errors are \`application/problem+json\` (RFC 9457) with a stable \`code\`; \`GET /problems/{code}\` explains each.
- In requests an empty text, an id of 0 and a null count as absent; an unknown field or query parameter is an error that names it.
- Every \`POST\` and \`PATCH\` accepts an \`Idempotency-Key\`: send one, and a call can be repeated until its answer arrives.
- Without one, a lost answer of a metered call may have cost its price.
- If sign-up is open, anyone can make accounts, and each account gets its monthly credits.
- What anyone may read can be up to ten seconds old, except where the request says \`Cache-Control: no-cache\`.
- A successful answer can have an \`X-D1-Bookmark\`. Send the latest one back in the same header, and you see what you wrote, even if another copy of the database answers.
- Lists come in pages: pass \`nextCursor\` as \`cursor\` until it is empty.
- A body is at most ${MAX_BODY_KIB} KiB (${MAX_LARGE_BODY_KIB} KiB for \`/api/stats/batch\` and datasets). Any path can answer 405 with \`Allow\`.
`.trim()

/** One for each room, in the order of the page. */
const tags = [
  { name: 'Accounts', description: 'Making, showing, changing and deleting users.' },
  {
    name: 'Tokens',
    description: `Logging in: access tokens of ${ACCESS_TOKEN_SECONDS} seconds, sessions that refresh them.`,
  },
  { name: 'Keys', description: 'API keys and their scopes.' },
  { name: 'Stats', description: 'What players have, and the levels that follow from it.' },
  { name: 'Leaderboards', description: 'The top players of a stat, and the players around one.' },
  { name: 'Credits', description: 'Monthly allowances, top-ups, spends, holds, refunds and the ledger of it all.' },
  { name: 'Metered data', description: 'Data that costs credits, and filling it.' },
  { name: 'Alerts', description: 'Webhooks, and what was sent to them.' },
  { name: 'Jobs', description: 'Background jobs and when they run.' },
  { name: 'Service', description: 'Health, stopping and starting, this document, and what each error means.' },
]

export const IF_NONE_MATCH = { $ref: '#/components/parameters/IfNoneMatch' }

const parameters = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description: `Makes the call repeatable for ${IDEMPOTENCY_RECORD_DAYS} days: the same key with the same request gives the first answer again. Without credentials at least ${MIN_ANONYMOUS_KEY_LENGTH} characters.`,
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'An `ETag` from before: the answer is 304 while it still holds.',
    schema: { type: 'string' },
  },
} as const

export const textHeader = (description: string) => ({ description, schema: { type: 'string' } }) as const

const headers = {
  'Idempotency-Replayed': textHeader('`true` where this is the first answer again.'),
  'X-Request-Id': textHeader('The name of this request in the log.'),
}

const headerNamed = (name: keyof typeof headers) => ({ [name]: { $ref: `#/components/headers/${name}` } })

export const REPLAYED = headerNamed('Idempotency-Replayed')
export const REQUEST_ID = headerNamed('X-Request-Id')

const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: `An access token from \`/api/token\` (${ACCESS_TOKEN_SECONDS} seconds), or an API key (\`sk_…\`).`,
  },
  basic: {
    type: 'http',
    scheme: 'basic',
    description:
      'User name and password in UTF-8, or an access token in place of the user name. Send it with the first request: ' +
      'a 401 never asks for `Basic`, because a browser would open its log-in box.',
  },
  namedKey: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: '`<username>:<API key>`, as the old app had it; on metered paths only.',
  },
  tokenQuery: {
    type: 'apiKey',
    in: 'query',
    name: 'token',
    description:
      '`<username>:<API key>`, as the old app had it; on metered paths only, and for no key with a wide scope.',
  },
} as const

export const frame = {
  info: {
    title: 'Statkeep',
    version: packageJson.version,
    summary: packageJson.description,
    description: INTRODUCTION,
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/', description: 'This service' }],
  tags,
  components: { parameters, headers, securitySchemes },
}
