/** One account's credits as plain objects in memory: simple enough to be believed, slow enough not to be shipped. */
import { periodOf } from './period.ts'

type Bucket = { source: 'plan' | 'topup'; amount: number; remaining: number; from: number; until: number }
type Take = { bucket: Bucket; credits: number }
type Spent = {
  kind: 'spend' | 'hold'
  at: number
  cost: number
  takes: Take[]
  until: number
  state: 'open' | 'captured' | 'released' | 'refunded' | 'folded'
}

export class Model {
  buckets: Bucket[] = []
  spent: Spent[] = []
  allowance = 30
  anchor = 1
  zone = 'UTC'
  periodEndsAt: number | undefined

  live = (now: number) => this.buckets.filter(({ from, until }) => from <= now && now < until)

  plan = (now: number) => this.live(now).find(({ source }) => source === 'plan')

  balance(now: number): number {
    const live = this.live(now).reduce((sum, { remaining }) => sum + remaining, 0)
    return this.plan(now) ? live : live + this.allowance
  }

  /** What is left in each bucket, in the order in which it is spent. */
  remaining = (now: number) =>
    this.inOrder(now)
      .map(({ remaining }) => remaining)
      .filter(Boolean)

  inOrder = (now: number) =>
    this.live(now).sort((a, b) => a.until - b.until || this.buckets.indexOf(a) - this.buckets.indexOf(b))

  open(now: number): void {
    if (this.plan(now)) return
    const { start, end } = periodOf(now, this.anchor, this.zone)
    const before = this.buckets
      .filter(({ source, until }) => source === 'plan' && until <= now)
      .map(({ until }) => until)
    this.buckets.push({
      source: 'plan',
      amount: this.allowance,
      remaining: this.allowance,
      from: Math.max(start, ...before),
      until: end,
    })
    this.periodEndsAt ??= end
  }

  take(now: number, kind: 'spend' | 'hold', cost: number, until = 0): boolean {
    this.open(now)
    if (this.balance(now) < cost) this.releaseExpired(now)
    if (this.balance(now) < cost) return false
    const takes: Take[] = []
    let left = cost
    for (const bucket of this.inOrder(now)) {
      const credits = Math.min(left, bucket.remaining)
      bucket.remaining -= credits
      left -= credits
      if (credits > 0) takes.push({ bucket, credits })
    }
    this.spent.push({ kind, at: now, cost, takes, until, state: 'open' })
    return true
  }

  giveBack(takes: Take[], keep: number): void {
    for (const take of takes) {
      const kept = Math.min(take.credits, keep)
      keep -= kept
      take.bucket.remaining += take.credits - kept
      take.credits = kept
    }
  }

  settle(now: number, hold: Spent, state: 'captured' | 'released', captured: number): boolean {
    if (hold.state !== 'open' || now >= hold.until || captured > hold.cost) return false
    this.open(now)
    this.giveBack(hold.takes, captured)
    hold.state = state
    return true
  }

  refund(now: number, spent: Spent): boolean {
    if (spent.state !== (spent.kind === 'spend' ? 'open' : 'captured')) return false
    this.open(now)
    this.giveBack(spent.takes, 0)
    spent.state = 'refunded'
    return true
  }

  grant(now: number, amount: number, until: number): void {
    this.open(now)
    this.buckets.push({ source: 'topup', amount, remaining: amount, from: now, until })
  }

  change(now: number, { allowance, anchor, zone }: { allowance?: number; anchor?: number; zone?: string }): void {
    this.open(now)
    const plan = this.plan(now)
    if (allowance !== undefined && plan) {
      const taken = plan.amount - plan.remaining
      plan.amount = Math.max(allowance, taken)
      plan.remaining = plan.amount - taken
    }
    this.allowance = allowance ?? this.allowance
    this.anchor = anchor ?? this.anchor
    this.zone = zone ?? this.zone
  }

  releaseExpired(now: number): void {
    for (const hold of this.spent) {
      if (hold.kind === 'hold' && hold.state === 'open' && hold.until <= now) {
        this.open(now)
        this.giveBack(hold.takes, 0)
        hold.state = 'released'
      }
    }
  }

  /** Forgets movements and plan grants from before `keepFrom`, or from before the first hold that is open. */
  tidy(keepFrom: number): void {
    const openHold = this.spent.findIndex(({ kind, state }) => kind === 'hold' && state === 'open')
    const heldAt = this.spent[openHold]?.at ?? Number.POSITIVE_INFINITY
    const old = this.spent.slice(0, openHold === -1 ? undefined : openHold).filter(({ at }) => at < keepFrom)
    for (const spent of old) spent.state = 'folded'
    // A hold at the instant in which a period begins comes after the grant of that period.
    const isGoing = ({ source, until }: Bucket) => source === 'plan' && until < keepFrom && until <= heldAt
    this.buckets = this.buckets.filter((bucket) => !isGoing(bucket))
  }

  rollOver(now: number): void {
    if (this.periodEndsAt === undefined || this.periodEndsAt > now) return
    const last = this.buckets.find(({ source, until }) => source === 'plan' && until === this.periodEndsAt)
    if (last && this.spent.some(({ at, state }) => at >= last.from && state !== 'folded')) this.open(now)
    this.periodEndsAt = this.plan(now)?.until
  }
}
