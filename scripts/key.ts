/** `npm run key`: makes an API key in the database. It is shown once; only its SHA-256 is stored. */
import * as z from 'zod'
import { NewKey } from '../src/keys/keys.schema.ts'
import { makeKey } from '../src/keys/keys.ts'
import { SCOPES, type Scope } from '../src/keys/scopes.ts'
import { execute, quoted } from './sql.ts'
import { readOptions, run, tell, Unmet } from './terminal.ts'

const USAGE = `npm run key -- --name NAME --scopes a,b [--user NAME] [--remote]

  --name NAME     what the key is for
  --scopes a,b    what it may do: ${SCOPES.join(', ')}
  --user NAME     whose key it is; otherwise nobody's, as a server's should be
  --remote        in the deployed database, not in the one on this machine`

/** A call to try, for each scope. The one of the key's first scope is shown. */
const TRY: Record<Scope, (user: string) => string> = {
  admin: () => 'URL/api/service',
  'stats:write': (user) => `-X PATCH ${json({ changes: { meleeAtkXp: 25 } })} URL/api/users/${user}/stats`,
  'users:write': () => `-X POST ${json({})} URL/api/users`,
  'credits:grant': (user) => `-X POST ${json({ amount: 50, reason: 'a gift' })} URL/api/users/${user}/credits/grants`,
  'credits:charge': (user) => `-X POST ${json({ amount: 1, username: user })} URL/api/credits/spend`,
  'credits:spend': () => `-X POST ${json({ amount: 1, reason: 'a try' })} URL/api/credits/spend`,
  'metered:read': () => 'URL/api/v1.0/banks_data/EBILAEAD',
}

await run(async () => {
  const { user, remote, ...options } = readOptions(
    {
      name: { type: 'string' },
      scopes: { type: 'string' },
      user: { type: 'string' },
      remote: { type: 'boolean', default: false },
    },
    USAGE,
  )
  const { name, scopes } = readKey(options)
  const target = remote ? '--remote' : '--local'
  const where = remote ? 'the deployed database' : "this machine's database"

  const { secret, row } = await makeKey(
    { random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)) },
    { name, scopes, userId: null, now: Date.now() },
  )
  const values = [row.id, row.name, row.secretHash, row.prefix, row.lastFour, row.scopes, row.createdAt].map(quoted)
  const [made] = await execute(
    target,
    `INSERT INTO api_keys (user_id, id, name, secret_hash, prefix, last_four, scopes, created_at)
     SELECT ${user === undefined ? 'NULL' : 'users.id'}, ${values.join(', ')}
     ${user === undefined ? '' : `FROM users WHERE username = ${quoted(user)}`} RETURNING id`,
  )
  if (made?.length === 0) throw new Unmet(`There is no user "${user}" in ${where}. Nothing was made.`)

  console.log(`Made a key in ${where}. This is the only time it is shown:\n\n  KEY=${secret}\n`)
  tell('id', row.id)
  tell('may do', row.scopes)
  tell('owner', user ?? 'nobody')
  if (user === undefined && scopes.some((scope) => scope === 'metered:read' || scope === 'credits:spend')) {
    tell('note', 'without an owner it has no credits: for metered calls make one with --user NAME')
  }
  const first = (Object.keys(TRY) as Scope[]).find((scope) => scopes.includes(scope)) as Scope
  const url = remote ? 'https://YOUR-WORKER.workers.dev' : 'http://localhost:8787'
  tell('try', `curl -H "Authorization: Bearer $KEY" ${TRY[first](user ?? 'kicksent').replace('URL', url)}`)
  const whose = scopes.includes('admin') ? '' : '   # with an admin key in KEY'
  tell('revoke', `curl -X DELETE -H "Authorization: Bearer $KEY" ${url}/api/keys/${row.id}${whose}`)
})

/** @throws Unmet that says what is missing or wrong. */
function readKey({ name, scopes }: { name?: string | undefined; scopes?: string | undefined }) {
  const { success, data, error } = NewKey.pick({ name: true, scopes: true }).safeParse({
    name,
    scopes: scopes?.split(',').map((scope) => scope.trim()),
  })
  if (success) return data
  const unknown = scopes?.split(',').find((scope) => !SCOPES.includes(scope.trim() as Scope))
  const fault =
    name === undefined
      ? '--name is missing.'
      : scopes === undefined
        ? '--scopes is missing.'
        : unknown !== undefined
          ? `There is no scope "${unknown}".`
          : z.prettifyError(error)
  throw new Unmet(`${fault}\n\n${USAGE}`)
}

function json(body: object): string {
  return `-H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`
}
