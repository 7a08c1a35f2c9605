/** Credits, and the data that they buy. */
import { type BodyOf, type Call, type CallOptions, each } from './api.ts'

type Spend = BodyOf<'/api/credits/spend', 'POST'>
type Hold = BodyOf<'/api/credits/holds', 'POST'>

export function createCredits(call: Call) {
  return {
    get: (options?: CallOptions) => call('GET', '/api/credits', options),
    /** With `username`: somebody else's, by an API key with `credits:charge`. */
    spend: (body: Spend, options?: CallOptions) => call('POST', '/api/credits/spend', options, { body }),
    hold: (body: Hold, options?: CallOptions) => call('POST', '/api/credits/holds', options, { body }),
    capture: (id: string, amount: number, options?: CallOptions) =>
      call('POST', '/api/credits/holds/{id}/capture', options, { path: { id }, body: { amount } }),
    release: (id: string, options?: CallOptions) =>
      call('POST', '/api/credits/holds/{id}/release', options, { path: { id } }),
    refund: (id: string, options?: CallOptions) => call('POST', '/api/credits/refunds', options, { body: { id } }),
    /** Every movement, the newest first, page after page. */
    ledger: ({ pageSize }: { pageSize?: number } = {}, options?: CallOptions) =>
      each(
        (cursor) => call('GET', '/api/credits/ledger', options, { query: { limit: pageSize, cursor } }),
        ({ entries }) => entries,
      ),
    usage: (query: { days?: number } = {}, options?: CallOptions) =>
      call('GET', '/api/credits/usage', options, { query }),
  }
}

export function createData(call: Call) {
  return {
    /** An entry of a dataset, with what it cost. A repeat after a lost answer is not charged again. */
    get: async (dataset: string, key: string, options?: CallOptions) => {
      let header = (_name: string): string => ''
      const { data } = await call(
        'GET',
        '/api/v1.0/{dataset}/{key}',
        options,
        { path: { dataset, key } },
        (headers) => {
          header = (name) => headers.get(`x-credits-${name}`) ?? ''
        },
      )
      return { data, cost: +header('cost'), remaining: +header('remaining'), resetsAt: header('reset') }
    },
  }
}
