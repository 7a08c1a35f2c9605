/** `/account`: what is left, when more comes, and what was spent; for who is new, the next step. */
import { Form } from '../../parts/form.tsx'
import { number, Time, UsageChart, type UsageDay } from '../../parts/shapes.tsx'
import { AccountFrame, type AccountProps } from './frame.tsx'

export type Credits = {
  balance: number
  allowance: number
  resetsAt: string
  grants: { source: string; remaining: number; amount: number; expiresAt: string }[]
}

type CreditsProps = AccountProps & { credits: Credits; usage: UsageDay[]; today: number; hasKey: boolean }

export function CreditsPage({ credits, usage, today, hasKey, ...frame }: CreditsProps) {
  return (
    <AccountFrame path="/account" {...frame}>
      {usage.length === 0 ? <FirstSteps token={frame.token} hasKey={hasKey} /> : null}
      <CreditFigures credits={credits} />
      <h2>Spent</h2>
      <div class="plate">
        <UsageChart days={usage} today={today} />
      </div>
    </AccountFrame>
  )
}

export function CreditFigures({ credits }: { credits: Credits }) {
  const extra = credits.grants.filter(({ source, remaining }) => source !== 'plan' && remaining > 0)
  return (
    <>
      <div class="figures">
        <div class="plate figure">
          <strong>{number(credits.balance)}</strong> credits left
        </div>
        <div class="plate figure">
          <strong>{number(credits.allowance)}</strong> come each month
        </div>
        <div class="plate">
          The next ones come
          <br />
          <Time iso={credits.resetsAt} />
        </div>
      </div>
      {extra.length > 0 ? (
        <ul>
          {extra.map(({ source, remaining, amount, expiresAt }) => (
            <li>
              {source === 'topup' ? 'Top-up' : 'Adjustment'}: {number(remaining)} of {number(amount)} left
              {expiresAt ? (
                <>
                  , until <Time iso={expiresAt} />
                </>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  )
}

function FirstSteps({ token, hasKey }: { token: string; hasKey: boolean }) {
  return (
    <section class="plate wide" aria-labelledby="first-steps">
      <h2 id="first-steps">Three steps to your first call</h2>
      <ol class="steps">
        <li>{hasKey ? 'You have a key.' : 'Make a key. It is what a program shows in place of your password.'}</li>
        <li>Call with it: you get a command to paste, with the key in it.</li>
        <li>Come back here. The chart shows what the call has cost.</li>
      </ol>
      <Form
        action="/account/keys"
        token={token}
        class="inline"
        hidden={{ name: 'My first key', scopes: 'metered:read credits:spend' }}
      >
        <button type="submit">{hasKey ? 'Make another key' : 'Make my first key'}</button>
      </Form>
    </section>
  )
}
