/** What the service itself needs done each minute: each call is a bounded piece of work, and the next tick goes on. */
import { deliverDue } from '../../alerts/deliver.ts'
import { releaseExpiredHolds } from '../../credits/holds.ts'
import { rollOverPeriods } from '../../credits/rollover.ts'
import { splitBuckets } from '../../leaderboards/buckets.ts'
import type { SystemAction } from './action.ts'

const said = (what: string, count: number, more: boolean) => ({
  outcome: count === 0 && !more ? '' : `${what}: ${count}${more ? ', more to come' : ''}`,
})

/** Sends the alerts that are due. */
export const deliveries: SystemAction = {
  name: 'deliveries',
  async run(deps) {
    const { sent, failed, more } = await deliverDue(deps)
    return said('alerts tried', sent + failed, more)
  },
}

/** Gives back the holds that nobody settled. */
export const holds: SystemAction = {
  name: 'holds',
  async run(deps) {
    const { released, more } = await releaseExpiredHolds(deps)
    return said('expired holds given back', released, more)
  },
}

/** Opens and announces the months that have begun. */
export const month: SystemAction = {
  name: 'month',
  async run(deps) {
    const { accounts, more } = await rollOverPeriods(deps)
    return said('accounts with a new month', accounts, more)
  },
}

/** Keeps ranks cheap to count. */
export const ranks: SystemAction = {
  name: 'ranks',
  async run(deps) {
    return said('buckets of ranks split', await splitBuckets(deps), false)
  },
}
