/** What was spent on each of the last days: bars stacked by operation, and the same as a table. */
import { DAY } from '../../lib/time.ts'
import { counted, number, Scroll } from './shapes.tsx'

export type UsageDay = { day: string; operation: string; calls: number; credits: number }

/** Of the drawing, which is stretched to the width of the page. */
const HEIGHT = 100
const STEP = 10
const TONES = 4

export function UsageChart({ days, today, length = 30 }: { days: UsageDay[]; today: number; length?: number }) {
  if (days.length === 0) return <p class="soft">Nothing spent in the last {length} days.</p>
  const dates = Array.from({ length }, (_, i) => new Date(today - (length - 1 - i) * DAY).toISOString().slice(0, 10))
  const operations = [...new Set(days.map(({ operation }) => operation))].sort()
  const creditsOf = (day: string, operation: string) =>
    Math.max(0, days.find((d) => d.day === day && d.operation === operation)?.credits ?? 0)
  const totalOf = (day: string) => operations.reduce((sum, operation) => sum + creditsOf(day, operation), 0)
  const top = niceCeiling(Math.max(2, ...dates.map(totalOf)))
  const heightOf = (credits: number) => (HEIGHT * credits) / top
  const spent = days.reduce((sum, { credits }) => sum + credits, 0)
  return (
    <figure class="chart">
      <figcaption>
        {counted(spent, 'credit')} in the last {length} days.
      </figcaption>
      <div class="plot">
        <div class="axis" aria-hidden="true">
          {[top, top / 2, 0].map((value) => (
            <span>{number(value)}</span>
          ))}
        </div>
        <svg
          viewBox={`0 0 ${length * STEP} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`Credits spent on each of the last ${length} days; the table below has the same figures.`}
        >
          {[0, HEIGHT / 2, HEIGHT].map((y) => (
            <line class="ring" x2={String(length * STEP)} y1={String(y)} y2={String(y)} />
          ))}
          {dates.map((day, i) => (
            <g>
              <title>{`${day}: ${counted(totalOf(day), 'credit')}`}</title>
              {operations.map((operation, o) => {
                const credits = creditsOf(day, operation)
                if (credits === 0) return null
                const below = operations.slice(0, o).reduce((sum, other) => sum + creditsOf(day, other), 0)
                return (
                  <rect
                    class={`tone-${o % TONES}`}
                    x={String(i * STEP + 1)}
                    y={(HEIGHT - heightOf(below + credits)).toFixed(1)}
                    width={String(STEP - 2)}
                    height={heightOf(credits).toFixed(1)}
                  />
                )
              })}
            </g>
          ))}
        </svg>
        <span class="day">{dates[0]}</span>
        <span class="day last">{dates.at(-1)}</span>
      </div>
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

/** 2, 4, 10 and their multiples by ten: what an axis ends at, with a whole number halfway. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 4, 10].find((step) => step * power >= value && step * power >= 2) ?? 10) * power
}
