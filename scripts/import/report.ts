/** The report of an import or a dry run, for the terminal and for the report file. */
import { FINDINGS, type Finding, type Plan } from './plan.ts'
import type { Source } from './sources.ts'

export type Summary = {
  /** What was or would be imported, into which database. */
  title: string
  source: string
  lines: [what: string, count: number][]
  leftOut: string[]
  findings: Finding[]
}

export function summarise<Entry extends { origin: string; username: string }>(
  title: string,
  source: Source<Entry>,
  plan: Plan<Entry>,
): Summary {
  const skipped = plan.findings.filter(({ kind }) => kind === 'skipped').length
  return {
    title,
    source: plan.source,
    lines: [
      ['rows in the file', source.rows],
      ['imported before', plan.known],
      ...source.count(plan.entries),
      ['rows skipped', skipped],
    ],
    leftOut: source.leftOut,
    findings: plan.findings,
  }
}

/** So many of the first lines are shown even if they are 0. */
const ALWAYS_SHOWN = 3

/** @param maxShown how many findings of one kind are shown */
export function describe(
  { title, source, lines, leftOut, findings }: Summary,
  maxShown = Number.POSITIVE_INFINITY,
): string {
  const byKind = Map.groupBy(findings, ({ kind }) => kind)
  const sections = Object.entries(FINDINGS).flatMap(([kind, heading]) => {
    const found = byKind.get(kind as Finding['kind'])
    if (!found) return []
    const more = found.length > maxShown ? [`  … and ${grouped(found.length - maxShown)} more`] : []
    return [
      '',
      `${heading}: ${grouped(found.length)}`,
      ...found.slice(0, maxShown).map(({ row, who, what }) => `  ${row}${who === undefined ? '' : ` ${who}`}: ${what}`),
      ...more,
    ]
  })
  const columns =
    leftOut.length > 0 ? ['', 'Columns that are not imported:', ...leftOut.map((column) => `  ${column}`)] : []
  return [
    title,
    source,
    '',
    ...lines
      .filter(([, count], i) => i < ALWAYS_SHOWN || count > 0)
      .map(([what, count]) => `${grouped(count).padStart(12)}  ${what}`),
    ...sections,
    ...columns,
    '',
  ].join('\n')
}

export const grouped = (count: number) => count.toLocaleString('en')
