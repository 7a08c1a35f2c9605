/** Whole numbers from columns that may contain anything. */

export type WholeNumber = {
  value: number
  /** What was wrong with the old value, if it was changed. */
  fault?: string
}

/** NULL, an empty text and what is not a number become 0. A fraction is cut off, and a value out of bounds becomes the bound. */
export function wholeNumber(raw: unknown, min: number, max: number): WholeNumber {
  if (raw === null || raw === undefined || raw === '') return { value: 0 }
  const text = typeof raw === 'string' ? raw.trim() : String(raw)
  if (raw instanceof Uint8Array || !/^[+-]?\d+(\.\d*)?(e[+-]?\d+)?$/i.test(text)) {
    return { value: 0, fault: 'is no number' }
  }
  const number = Number(text)
  if (number < min) return { value: min, fault: `is below ${min}` }
  if (number > max) return { value: max, fault: `is above ${max}` }
  return Number.isInteger(number) ? { value: number } : { value: Math.trunc(number), fault: 'is not whole' }
}
