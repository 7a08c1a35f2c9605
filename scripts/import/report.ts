/** What an import does, or would do, in words: for the terminal, and for the file that is kept. */
import { FINDINGS, type Finding, type Plan } from './plan.ts'
import type { Source } from './sources.ts'

export type Summary = {
  /** A sentence: what was or would be imported, into what. */
  title: string
  /** Which old app the file is from. */
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
      ['brought over before', plan.known],
      ...source.count(plan.entries),
      ['rows skipped', skipped],
    ],
    leftOut: source.leftOut,
    findings: plan.findings,
  }
}

/** The first lines are shown even where they are 0. */
const ALWAYS = 3

/** @param most findings of one kind that are shown */
export function describe(
  { title, source, lines, leftOut, findings }: Summary,
  most = Number.POSITIVE_INFINITY,
): string {
  const byKind = Map.groupBy(findings, ({ kind }) => kind)
  const sections = Object.entries(FINDINGS).flatMap(([kind, heading]) => {
    const found = byKind.get(kind as Finding['kind'])
    if (!found) return []
    const more = found.length > most ? [`  … and ${grouped(found.length - most)} more`] : []
    return [
      '',
      `${heading}: ${grouped(found.length)}`,
      ...found.slice(0, most).map(({ row, who, what }) => `  ${row}${who === undefined ? '' : ` ${who}`}: ${what}`),
      ...more,
    ]
  })
  const columns =
    leftOut.length > 0 ? ['', 'Columns that have no place here:', ...leftOut.map((column) => `  ${column}`)] : []
  return [
    title,
    source,
    '',
    ...lines
      .filter(([, count], i) => i < ALWAYS || count > 0)
      .map(([what, count]) => `${grouped(count).padStart(12)}  ${what}`),
    ...sections,
    ...columns,
    '',
  ].join('\n')
}

export const grouped = (count: number) => count.toLocaleString('en')
