/** `/account/keys`: keys for programs. A new one is shown once, with a command to paste. */
import { Copyable, Field, Form } from '../../parts/form.tsx'
import { Scroll, Time } from '../../parts/shapes.tsx'
import { AccountFrame, type AccountProps } from './frame.tsx'

export type Key = {
  id: string
  name: string
  prefix: string
  lastFour: string
  scopes: string[]
  createdAt: string
  expiresAt: string
  lastUsedAt: string
}

/** What a user's own key may do. */
export const KEY_RIGHTS = [
  { scope: 'metered:read', text: 'buy data and read my credits' },
  { scope: 'credits:spend', text: 'spend my credits' },
]

export function KeysPage({ keys, ...frame }: AccountProps & { keys: Key[] }) {
  return (
    <AccountFrame path="/account/keys" {...frame}>
      {keys.length === 0 ? <p>You have no key yet.</p> : <KeyTable keys={keys} token={frame.token} />}
      <h2>Make a key</h2>
      <Form action="/account/keys" token={frame.token}>
        <Field name="name" label="What is it for?" placeholder="my script" fault={frame.fault} required />
        <fieldset>
          <legend>It may</legend>
          {KEY_RIGHTS.map(({ scope, text }) => (
            <label class="choice">
              <input type="checkbox" name="scopes" value={scope} checked /> {text}
            </label>
          ))}
        </fieldset>
        <button type="submit">Make the key</button>
      </Form>
    </AccountFrame>
  )
}

function KeyTable({ keys, token }: { keys: Key[]; token: string }) {
  return (
    <Scroll label="Keys">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Key</th>
            <th scope="col">May</th>
            <th scope="col">Last used</th>
            <th scope="col">Action</th>
          </tr>
        </thead>
        <tbody>
          {keys.map(({ id, name, prefix, lastFour, scopes, lastUsedAt }) => (
            <tr>
              <th scope="row">{name}</th>
              <td>
                <code>
                  {prefix}…{lastFour}
                </code>
              </td>
              <td>{scopes.join(', ')}</td>
              <td>
                <Time iso={lastUsedAt} />
              </td>
              <td>
                <Form action="/account/keys/revoke" token={token} class="inline" hidden={{ id }}>
                  <button type="submit" class="quiet">
                    Revoke<span class="hidden"> {name}</span>
                  </button>
                </Form>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

/** The one time that a key is shown. */
export function NewKeyPage({ secret, command, ...frame }: AccountProps & { secret: string; command: string }) {
  return (
    <AccountFrame path="/account/keys" {...frame}>
      <section class="plate wide" aria-labelledby="new-key">
        <h2 id="new-key">Your new key</h2>
        <p>
          Copy it now: <strong>it is never shown again</strong>. Whoever has it can spend your credits.
        </p>
        <Copyable id="key" text={secret} label="The key" />
        <h2>Try it</h2>
        <Copyable id="command" text={command} label="Paste this into a terminal. The call costs one credit." />
        <p>
          Then <a href="/account">see it in your chart</a>.
        </p>
      </section>
    </AccountFrame>
  )
}
