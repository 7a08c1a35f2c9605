/** A table as a CSV file (RFC 4180) that a spreadsheet opens without running anything. */

/** Text that a spreadsheet would take for a formula gets a quote before it. */
const FORMULA = /^[=+\-@\t\r]/

const cell = (value: string | number): string => {
  const text = typeof value === 'string' && FORMULA.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export const asCsv = (rows: (string | number)[][]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
