/** Clients that do as the docs advise: each call has an Idempotency-Key and is repeated under it until its outcome is known. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { pick, whole } from './chances.ts'

export type Player = { id: number; name: string; key: string }

/** What the clients know to have happened. In the end the database is compared with it. */
export class Seen {
  /** Spends and metered calls: transaction -> credits. */
  readonly spent = new Map<string, { player: number; amount: number }>()
  readonly refunded = new Set<string>()
  readonly held = new Map<string, { player: number; amount: number; captured: number | undefined; released: boolean }>()
  /** Metered calls that were answered: their answers name no transaction. */
  readonly metered = new Map<number, number>()
  readonly granted = new Map<number, number>()
  /** `player stat` -> the sum of all changes. */
  readonly stats = new Map<string, number>()
  /** `name resetsAt` of each refusal because of too few credits. */
  readonly refusals = new Set<string>()
  calls = 0
  retries = 0
  readonly wrong: string[] = []
}

type Answer = { status: number; body: any }

const GIVE_UP_AFTER_MS = 60_000
const STATS = ['meleeAtkXp', 'healthXp', 'speedXp']

const add = <Key>(map: Map<Key, number>, key: Key, amount: number) => map.set(key, (map.get(key) ?? 0) + amount)

export class Client {
  readonly #url: string
  readonly #seen: Seen
  readonly #players: Player[]
  readonly #server: string
  readonly #chance: () => number
  readonly #openHolds: string[] = []

  /** `server` is a key with every scope. */
  constructor(url: string, seen: Seen, players: Player[], server: string, chance: () => number) {
    this.#url = url
    this.#seen = seen
    this.#players = players
    this.#server = server
    this.#chance = chance
  }

  /** Something that a game, a script or the operator does. */
  async step(): Promise<void> {
    const player = pick(this.#chance, this.#players)
    const does = pick(this.#chance, [
      'spend',
      'spend',
      'buy',
      'buy',
      'hold',
      'settle',
      'refund',
      'grant',
      'stat',
      'stat',
      'batch',
    ] as const)
    await this[does](player)
  }

  async spend(player: Player): Promise<void> {
    const amount = whole(this.#chance, 1, 6)
    const { status, body } = await this.#call('POST', '/api/credits/spend', player.key, { amount })
    if (status === 201) this.#seen.spent.set(body.id, { player: player.id, amount })
    else this.#refused(player, status, body)
  }

  async buy(player: Player): Promise<void> {
    const { status, body } = await this.#call('GET', '/api/v1.0/banks_data/EBILAEAD', player.key)
    if (status === 200) add(this.#seen.metered, player.id, 1)
    else this.#refused(player, status, body)
  }

  async hold(player: Player): Promise<void> {
    const amount = whole(this.#chance, 1, 9)
    const { status, body } = await this.#call('POST', '/api/credits/holds', player.key, {
      amount,
      expiresInSeconds: 3600,
    })
    if (status !== 201) return this.#refused(player, status, body)
    this.#seen.held.set(body.id, { player: player.id, amount, captured: undefined, released: false })
    this.#openHolds.push(body.id)
  }

  async settle(): Promise<void> {
    const id = this.#openHolds.pop()
    const hold = id && this.#seen.held.get(id)
    if (!hold) return
    const player = this.#players.find((one) => one.id === hold.player) as Player
    const amount = whole(this.#chance, 1, hold.amount)
    const captures = this.#chance() < 0.7
    const path = `/api/credits/holds/${id}/${captures ? 'capture' : 'release'}`
    const { status, body } = await this.#call('POST', path, player.key, captures ? { amount } : undefined)
    if (status === 200 && captures) hold.captured = amount
    else if (status === 200) hold.released = true
    else if (status !== 409) this.#strange(path, status, body) // 409: the clock has jumped past its end
  }

  async refund(): Promise<void> {
    const ids = [...this.#seen.spent.keys()]
    const id = ids.length ? pick(this.#chance, ids) : undefined
    if (!id) return
    const before = this.#seen.refunded.has(id)
    const { status, body } = await this.#call('POST', '/api/credits/refunds', this.#server, { id })
    if (status === 201 && this.#seen.refunded.has(id)) this.#seen.wrong.push(`${id} was refunded twice`)
    else if (status === 201) this.#seen.refunded.add(id)
    else if (status !== 409) this.#strange('refund', status, body)
    else if (!before) await this.#expectRefunded(id)
  }

  async grant(player: Player): Promise<void> {
    const amount = whole(this.#chance, 1, 5)
    const path = `/api/users/${player.name}/credits/grants`
    const { status, body } = await this.#call('POST', path, this.#server, { amount, reason: 'torture' })
    if (status === 201) add(this.#seen.granted, player.id, amount)
    else this.#strange(path, status, body)
  }

  async stat(player: Player): Promise<void> {
    const stat = pick(this.#chance, STATS)
    const change = whole(this.#chance, 1, 50)
    const { status, body } = await this.#call('PATCH', `/api/users/${player.name}/stats`, this.#server, {
      changes: { [stat]: change },
    })
    if (status === 200) add(this.#seen.stats, `${player.id} ${stat}`, change)
    else this.#strange('stat', status, body)
  }

  async batch(): Promise<void> {
    const changes = Array.from({ length: 10 }, () => ({
      userId: pick(this.#chance, this.#players).id,
      stat: pick(this.#chance, STATS),
      change: whole(this.#chance, 1, 9),
    }))
    const { status, body } = await this.#call('POST', '/api/stats/batch', this.#server, { changes })
    if (status !== 200) return this.#strange('batch', status, body)
    for (const { index, ok } of body.results) {
      const made = changes[index]
      if (ok && made) add(this.#seen.stats, `${made.userId} ${made.stat}`, made.change)
      else this.#seen.wrong.push(`a change of a batch failed: ${JSON.stringify(body.results[index])}`)
    }
  }

  /** Another client's refund of the same spend may still wait for its answer. */
  async #expectRefunded(id: string): Promise<void> {
    for (const end = Date.now() + GIVE_UP_AFTER_MS; Date.now() < end; await sleep(100)) {
      if (this.#seen.refunded.has(id)) return
    }
    this.#seen.wrong.push(`${id} cannot be refunded, and nobody has refunded it`)
  }

  #refused(player: Player, status: number, body: any): void {
    if (status === 402) this.#seen.refusals.add(`${player.name} ${body.resetsAt}`)
    else this.#strange('a charge', status, body)
  }

  #strange(what: string, status: number, body: any): void {
    this.#seen.wrong.push(`${what} answered ${status} ${body?.code ?? ''}: ${body?.detail ?? ''}`)
  }

  /** Repeats a call under one key until its outcome is known. */
  async #call(method: string, path: string, key: string, body?: unknown): Promise<Answer> {
    this.#seen.calls += 1
    const init = {
      method,
      headers: {
        Authorization: `Bearer ${key}`,
        'Idempotency-Key': randomUUID(),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }
    let last = ''
    for (const end = Date.now() + GIVE_UP_AFTER_MS; ; await sleep(50 + 200 * this.#chance())) {
      try {
        const response = await fetch(this.#url + path, { ...init, signal: AbortSignal.timeout(5000) })
        const answer: Answer = { status: response.status, body: await response.json() }
        if (answer.status < 500 && answer.status !== 429) return answer
        last = `${answer.status} ${answer.body.code}`
      } catch (error) {
        last = String(error) // the service is down, or hangs: the outcome is unknown
      }
      if (Date.now() > end)
        throw new Error(`${method} ${path} has no outcome after ${GIVE_UP_AFTER_MS / 1000} s: ${last}`)
      this.#seen.retries += 1
    }
  }
}
