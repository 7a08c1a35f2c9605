/** What metered operations cost, in credits. */

const DEFAULT_PRICE = 1

/** Operations that are no dataset's reads have their name here; so has every dataset whose reads cost more than one. */
export const PRICES = {
  'banks_data.read': 1,
} as const satisfies Record<string, number>

/** `<dataset>.read`, or a name of its own in `PRICES`: a misspelt one does not compile. */
export type Operation = keyof typeof PRICES | `${string}.read`

/** Credits that one call costs. */
export function priceOf(operation: Operation): number {
  return Object.hasOwn(PRICES, operation) ? PRICES[operation as keyof typeof PRICES] : DEFAULT_PRICE
}
