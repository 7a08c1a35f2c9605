/** Limits on guessing: log-ins and `username:key` count alike. Cloudflare counts, per location; wrangler.toml has the numbers. */
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import { sha256 } from '../lib/bytes.ts'
import { networkOf } from '../lib/network.ts'
import { MINUTE, SECOND } from '../lib/time.ts'

/** The period over which Cloudflare counts. */
const LIMIT_PERIOD = MINUTE

type Attempt = { name: string; network: string; pair: string }

/** The name is hashed, because it is whatever was sent, however long. */
async function attemptOf(username: string, address: string): Promise<Attempt> {
  const name = (await sha256(username.toLowerCase())).slice(0, 32)
  const network = networkOf(address)
  return { name, network, pair: `${name} ${network}` }
}

/** Counts an attempt, and tells whether it is within the limits. */
async function countAttempt({ limits }: Pick<Deps, 'limits'>, { name, network, pair }: Attempt) {
  const [pairWithin, nameWithin, networkWithin] = await Promise.all([
    limits.loginPair(pair),
    limits.loginName(name),
    limits.loginAddress(network),
  ])
  return { pairWithin, networkWithin, within: pairWithin && nameWithin && networkWithin }
}

/**
 * Counts a log-in before its password is hashed. Names that do not exist count too, or a refusal would tell which do.
 * @throws AppError rate_limited
 */
export async function limitLogins(deps: Pick<Deps, 'limits'>, username: string, address: string): Promise<void> {
  const { within } = await countAttempt(deps, await attemptOf(username, address))
  if (!within) throw tooMany('Too many log-in attempts.')
}

/**
 * Looks up a key that came with a username, and counts it if there is none. Valid keys are not counted, and Cloudflare
 * cannot be asked without counting. So the isolate notes who made too many guesses, and refuses them for a minute whether
 * the key is right or not. It does not note the name alone: a stranger's guesses must not lock the owner out.
 * @throws AppError rate_limited
 */
export async function limitGuesses<Key>(
  deps: Pick<Deps, 'limits' | 'isolate' | 'now'>,
  username: string,
  address: string,
  find: () => Promise<Key | undefined>,
): Promise<Key | undefined> {
  const { blockedGuessers } = deps.isolate
  const now = deps.now().getTime()
  const attempt = await attemptOf(username, address)
  const refuse = () => tooMany('Too many attempts with a wrong key.')
  if (blockedGuessers.get(attempt.pair, now) || blockedGuessers.get(attempt.network, now)) throw refuse()
  const key = await find()
  if (key) return key
  const { pairWithin, networkWithin, within } = await countAttempt(deps, attempt)
  if (!pairWithin) blockedGuessers.set(attempt.pair, true, now + LIMIT_PERIOD)
  if (!networkWithin) blockedGuessers.set(attempt.network, true, now + LIMIT_PERIOD)
  if (!within) throw refuse()
  return undefined
}

export const tooMany = (detail: string) =>
  new AppError('rate_limited', detail, { headers: { 'Retry-After': String(LIMIT_PERIOD / SECOND) } })
