/** Small pictures: icons, bars, the radar, the chart of a month. All SVG, all said in words beside them. */

import type { Child } from 'hono/jsx'
import type { PlayerStat } from '../players.ts'
import { iconRuns, labelOf } from '../stat-names.ts'

export function Icon({ stat }: { stat: string }) {
  const path = iconRuns(stat)
    .map(({ x, y, length }) => `M${x} ${y}h${length}v1h-${length}z`)
    .join('')
  return (
    <svg class="icon" viewBox="0 0 12 12" aria-hidden="true">
      <path d={path} />
    </svg>
  )
}

const SEGMENTS = 10

/** Ten segments; `share` from 0 to 1. */
export function Bar({ share }: { share: number }) {
  const width = 9
  const filled = Math.max(0, Math.min(1, share)) * SEGMENTS
  return (
    <svg class="bar" viewBox="0 0 99 6" preserveAspectRatio="none" aria-hidden="true">
      {Array.from({ length: SEGMENTS }, (_, i) => {
        const part = Math.max(0, Math.min(1, filled - i))
        return (
          <>
            {part < 1 ? <rect class="empty" x={String(i * 10)} width={String(width)} height="6" /> : null}
            {part > 0 ? <rect x={String(i * 10)} width={(width * part).toFixed(1)} height="6" /> : null}
          </>
        )
      })}
    </svg>
  )
}

const RADIUS = 100

/** Levels side by side; the outer ring is the highest of them. */
export function Radar({ stats }: { stats: PlayerStat[] }) {
  const top = Math.max(2, ...stats.map(({ level }) => level))
  const at = (i: number, r: number): [number, number] => {
    const angle = (2 * Math.PI * i) / stats.length - Math.PI / 2
    return [Math.round(Math.cos(angle) * r * 10) / 10, Math.round(Math.sin(angle) * r * 10) / 10]
  }
  const ring = (share: number) => stats.map((_, i) => at(i, RADIUS * share).join()).join(' ')
  const shape = stats.map(({ level }, i) => at(i, (RADIUS * level) / top).join()).join(' ')
  return (
    <svg class="radar" viewBox="-165 -135 330 270" aria-hidden="true">
      {[1, 2 / 3, 1 / 3].map((share) => (
        <polygon class="ring" points={ring(share)} />
      ))}
      {stats.map((_, i) => {
        const [x, y] = at(i, RADIUS)
        return <line class="ring" x2={String(x)} y2={String(y)} />
      })}
      <polygon class="shape" points={shape} />
      {stats.map(({ level }, i) => {
        const [x, y] = at(i, (RADIUS * level) / top)
        return <rect class="dot" x={String(x - 3)} y={String(y - 3)} width="6" height="6" />
      })}
      {stats.map(({ stat }, i) => {
        const [x, y] = at(i, RADIUS + 14)
        const anchor = Math.abs(x) < 8 ? 'middle' : x > 0 ? 'start' : 'end'
        return (
          <text x={String(x)} y={String(y + 6)} text-anchor={anchor}>
            {labelOf(stat)}
          </text>
        )
      })}
    </svg>
  )
}

export type UsageDay = { day: string; operation: string; calls: number; credits: number }

const CHART = { width: 600, height: 180, left: 44, bottom: 22 }
const TONES = 4

/** Credits of each of the last days, stacked by operation, and the same as a table. */
export function UsageChart({ days, today, length = 30 }: { days: UsageDay[]; today: number; length?: number }) {
  if (days.length === 0) return <p>Nothing spent in the last {length} days.</p>
  const dates = Array.from({ length }, (_, i) =>
    new Date(today - (length - 1 - i) * 86_400_000).toISOString().slice(0, 10),
  )
  const operations = [...new Set(days.map(({ operation }) => operation))].sort()
  const total = (day: string) => days.filter((d) => d.day === day).reduce((sum, d) => sum + Math.max(0, d.credits), 0)
  const top = niceCeiling(Math.max(1, ...dates.map(total)))
  const { width, height, left, bottom } = CHART
  const [plotWidth, plotHeight] = [width - left, height - bottom - 8]
  const step = plotWidth / length
  const y = (credits: number) => 8 + plotHeight * (1 - credits / top)
  const spent = days.reduce((sum, { credits }) => sum + credits, 0)
  return (
    <figure class="chart">
      <figcaption>
        {number(spent)} credits in the last {length} days.
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`Credits spent on each of the last ${length} days; the table below has the same figures.`}
      >
        {[0, top / 2, top].map((value) => (
          <>
            <line class="ring" x1={String(left)} x2={String(width)} y1={String(y(value))} y2={String(y(value))} />
            <text x={String(left - 8)} y={String(y(value) + 5)} text-anchor="end">
              {Number.isInteger(value) ? number(value) : ''}
            </text>
          </>
        ))}
        {dates.map((day, i) => {
          let base = 0
          return operations.map((operation, o) => {
            const credits = days.find((d) => d.day === day && d.operation === operation)?.credits ?? 0
            if (credits <= 0) return null
            const [from, to] = [y(base), y(base + credits)]
            base += credits
            return (
              <rect
                class={`tone-${o % TONES}`}
                x={(left + i * step + 2).toFixed(1)}
                y={to.toFixed(1)}
                width={(step - 4).toFixed(1)}
                height={Math.max(1, from - to).toFixed(1)}
              />
            )
          })
        })}
        <text x={String(left)} y={String(height - 4)}>
          {dates[0]}
        </text>
        <text x={String(width)} y={String(height - 4)} text-anchor="end">
          {dates.at(-1)}
        </text>
      </svg>
      <ul class="legend">
        {operations.map((operation, o) => (
          <li>
            <svg viewBox="0 0 10 10" aria-hidden="true">
              <rect class={`tone-${o % TONES}`} width="10" height="10" />
            </svg>
            {operation}
          </li>
        ))}
      </ul>
      <details>
        <summary>The same as a table</summary>
        <Scroll label="Credits by day">
          <table>
            <thead>
              <tr>
                <th scope="col">Day</th>
                <th scope="col">Operation</th>
                <th scope="col" class="number">
                  Calls
                </th>
                <th scope="col" class="number">
                  Credits
                </th>
              </tr>
            </thead>
            <tbody>
              {days.map(({ day, operation, calls, credits }) => (
                <tr>
                  <td>{day}</td>
                  <td>{operation}</td>
                  <td class="number">{number(calls)}</td>
                  <td class="number">{number(credits)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </details>
    </figure>
  )
}

/** 1, 2, 5 and their multiples by ten: what an axis ends at. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power
}

/** `12,400` */
export const number = (value: number) => value.toLocaleString('en-US')

/** UTC without script; the reader's own zone with it. */
export function Time({ iso, dateOnly = false }: { iso: string; dateOnly?: boolean }) {
  if (!iso) return <>never</>
  return (
    <time datetime={iso} data-local={dateOnly ? 'date' : 'time'}>
      {dateOnly ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`}
    </time>
  )
}

/** What may be wider than a phone scrolls by itself, by keys too. */
export const Scroll = ({ label, children }: { label: string; children?: Child }) => (
  <section class="scroll" tabindex={0} aria-label={label}>
    {children}
  </section>
)
