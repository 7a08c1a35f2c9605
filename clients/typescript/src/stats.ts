/** Stats and boards. */
import { type BodyOf, type Call, type CallOptions, each, type PageOptions, type Schemas, type UserRef } from './api.ts'

export type Stat = keyof Schemas['StatValues']
export type StatChanges = BodyOf<'/api/users/{user}/stats', 'PATCH'>['changes']
export type BatchChange = BodyOf<'/api/stats/batch', 'POST'>['changes'][number]

export function createStats(call: Call) {
  const addFor = (user: UserRef, changes: StatChanges, options?: CallOptions) =>
    call('PATCH', '/api/users/{user}/stats', options, { path: { user }, body: { changes } })
  return {
    catalog: (options?: CallOptions) => call('GET', '/api/stats', options),
    get: (user: UserRef, options?: CallOptions) => call('GET', '/api/users/{user}/stats', options, { path: { user } }),
    /** To the stats of the player who is logged in. */
    add: (changes: StatChanges, options?: CallOptions) => addFor('me', changes, options),
    addFor,
    batch: (changes: BatchChange[], { createMissing }: { createMissing?: boolean } = {}, options?: CallOptions) =>
      call('POST', '/api/stats/batch', options, { body: { changes, createMissing } }),
  }
}

export function createLeaderboards(call: Call) {
  const top = (stat: Stat, query: PageOptions = {}, options?: CallOptions) =>
    call('GET', '/api/leaderboards/{stat}', options, { path: { stat }, query })
  return {
    top,
    /** The players above and below one. `not_found` for who is not listed. */
    around: (stat: Stat, user: UserRef, query: { radius?: number } = {}, options?: CallOptions) =>
      call('GET', '/api/leaderboards/{stat}/around/{user}', options, { path: { stat, user }, query }),
    /** All entries of a board, page after page. */
    entries: (stat: Stat, { pageSize = 100 } = {}, options?: CallOptions) =>
      each(
        (cursor) => top(stat, { limit: pageSize, cursor }, options),
        ({ entries }) => entries,
      ),
  }
}
