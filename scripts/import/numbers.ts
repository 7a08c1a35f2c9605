/** Whole numbers out of columns that may hold anything. */

export type WholeNumber = {
  value: number
  /** What was wrong with it, where it was mended. */
  fault?: string
}

/** NULL and an empty text count as 0. What has a fraction loses it, what is beyond a bound becomes the bound, what is no number 0. */
export function wholeNumber(raw: unknown, least: number, most: number): WholeNumber {
  if (raw === null || raw === undefined || raw === '') return { value: 0 }
  const text = typeof raw === 'string' ? raw.trim() : String(raw)
  if (raw instanceof Uint8Array || !/^[+-]?\d+(\.\d*)?(e[+-]?\d+)?$/i.test(text)) {
    return { value: 0, fault: 'is no number' }
  }
  const number = Number(text)
  if (number < least) return { value: least, fault: `is below ${least}` }
  if (number > most) return { value: most, fault: `is above ${most}` }
  return Number.isInteger(number) ? { value: number } : { value: Math.trunc(number), fault: 'is not whole' }
}
