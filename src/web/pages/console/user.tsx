/** `/console/users/{username}`: one user: what they have, what they spent, and what can be done about it. */
import { Copyable, Field, Form } from '../../parts/form.tsx'
import { Time, UsageChart, type UsageDay } from '../../parts/shapes.tsx'
import { CreditFigures, type Credits } from '../account/credits.tsx'
import { type Entry, Ledger } from '../account/ledger.tsx'
import { Confirm, ConsoleFrame, type ConsoleProps } from './frame.tsx'

export type UserProps = ConsoleProps & {
  user: { username: string; id: number; email: string; createdAt: string; disabled: boolean }
  credits: Credits & { lowAt: number; anchorDay: number; timeZone: string }
  usage: UsageDay[]
  today: number
  entries: Entry[]
  nextCursor: string | undefined
  /** A password reset that was just made. */
  reset?: { token: string; expiresAt: string } | undefined
}

export function UserPage({ user, credits, usage, today, entries, nextCursor, reset, ...frame }: UserProps) {
  const { token, fault } = frame
  const path = `/console/users/${user.username}`
  return (
    <ConsoleFrame path="/console/users" title={user.username} {...frame}>
      <p class="soft">
        Number {user.id}
        {user.email ? `, ${user.email}` : ', no email'}, since <Time iso={user.createdAt} dateOnly />
        {user.disabled ? <strong class="bad"> · disabled</strong> : null} ·{' '}
        <a href={`/players/${user.username}`}>stats</a>
      </p>
      {reset ? (
        <section class="note">
          <p>Give this code to {user.username}. It works once, at /account/forgotten, and is not shown again.</p>
          <Copyable id="reset" text={reset.token} label="Password reset" />
        </section>
      ) : null}
      <CreditFigures credits={credits} />
      <div class="plate">
        <UsageChart days={usage} today={today} />
      </div>

      <h2>Ledger</h2>
      <Ledger
        entries={entries}
        action={({ id, kind, amount }) =>
          kind === 'spend' || kind === 'capture' ? (
            <Form action={`${path}/refund`} token={token} class="inline" hidden={{ id }}>
              <button type="submit" class="quiet">
                Give back<span class="hidden"> {Math.abs(amount)} credits</span>
              </button>
            </Form>
          ) : null
        }
      />
      {nextCursor ? (
        <nav class="pages" aria-label="Pages">
          <a href={`${path}?cursor=${encodeURIComponent(nextCursor)}`}>Older</a>
        </nav>
      ) : null}

      <div class="columns even">
        <section>
          <h2>Grant credits</h2>
          <Form action={`${path}/grant`} token={token}>
            <Field name="amount" label="Credits" type="number" min="1" fault={fault} required />
            <Field name="reason" label="Reason; the user sees it" fault={fault} required />
            <button type="submit">Grant</button>
          </Form>
        </section>
        <section>
          <h2>Plan</h2>
          <Form action={`${path}/plan`} token={token}>
            <Field
              name="allowance"
              label="Credits a month"
              type="number"
              min="0"
              value={String(credits.allowance)}
              fault={fault}
            />
            <Field name="lowAt" label="Low at" type="number" min="0" value={String(credits.lowAt)} fault={fault} />
            <Field
              name="anchorDay"
              label="Day of the month on which they come"
              type="number"
              min="1"
              max="31"
              value={String(credits.anchorDay)}
              fault={fault}
            />
            <Field name="timeZone" label="Time zone" value={credits.timeZone} fault={fault} />
            <button type="submit">Save</button>
          </Form>
        </section>
      </div>

      <h2>Account</h2>
      <Form action={`${path}/reset`} token={token} class="inline">
        <button type="submit" class="quiet">
          Make a password reset
        </button>
      </Form>
      {user.disabled ? (
        <Form action={`${path}/enable`} token={token} class="inline">
          <button type="submit">Enable again</button>
        </Form>
      ) : (
        <Confirm
          label={`Disable ${user.username}…`}
          loses="Every session ends, and no key of theirs does anything. Stats and credits stay; enabling brings it all back."
        >
          <Form action={`${path}/disable`} token={token} class="inline">
            <button type="submit" class="danger">
              Disable
            </button>
          </Form>
        </Confirm>
      )}
    </ConsoleFrame>
  )
}
