/** Small pictures: icons, bars, the radar. All SVG, all said in words beside them. And how numbers and times are written. */

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

/** `12,400` */
export const number = (value: number) => value.toLocaleString('en-US')

/** `1 credit`, `12,400 credits` */
export const counted = (value: number, noun: string) => `${number(value)} ${noun}${Math.abs(value) === 1 ? '' : 's'}`

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
