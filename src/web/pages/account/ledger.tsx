/** `/account/ledger`: every movement of credits, newest first. */
import type { Child } from 'hono/jsx'
import { number, Scroll, Time } from '../../parts/shapes.tsx'
import { AccountFrame, type AccountProps } from './frame.tsx'

export type Entry = {
  id: string
  kind: string
  amount: number
  balanceAfter: number
  operation: string
  reason: string
  createdAt: string
}

type LedgerProps = AccountProps & { entries: Entry[]; nextCursor: string | undefined; isFirst: boolean }

export function LedgerPage({ entries, nextCursor, isFirst, ...frame }: LedgerProps) {
  return (
    <AccountFrame path="/account/ledger" {...frame}>
      <Ledger entries={entries} />
      <nav class="pages" aria-label="Pages">
        {isFirst ? null : <a href="/account/ledger">From the newest</a>}
        {nextCursor ? <a href={`/account/ledger?cursor=${encodeURIComponent(nextCursor)}`}>Older</a> : null}
      </nav>
    </AccountFrame>
  )
}

/** `action` is what can be done about an entry. */
export function Ledger({ entries, action }: { entries: Entry[]; action?: (entry: Entry) => Child }) {
  if (entries.length === 0) return <p>No credits have moved yet.</p>
  return (
    <Scroll label="Ledger">
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col" class="number">
              Credits
            </th>
            <th scope="col" class="number">
              Left
            </th>
            {action ? <th scope="col">Action</th> : null}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr>
              <td>
                <Time iso={entry.createdAt} />
              </td>
              <td>
                {entry.kind} {entry.operation === entry.kind ? '' : entry.operation}
                {entry.reason ? <span class="soft small"> {entry.reason}</span> : null}
              </td>
              <td class={entry.amount > 0 ? 'number good' : 'number'}>
                {entry.amount > 0 ? '+' : ''}
                {number(entry.amount)}
              </td>
              <td class="number">{number(entry.balanceAfter)}</td>
              {action ? <td>{action(entry)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
