/** `/account/settings`: email, password, sessions, a copy of everything, and the way out. */
import { Field, Form } from '../../parts/form.tsx'
import { Scroll, Time } from '../../parts/shapes.tsx'
import { AccountFrame, type AccountProps } from './frame.tsx'

export function SettingsPage({ values = {}, ...frame }: AccountProps & { values?: Record<string, string> }) {
  const { user, token, fault } = frame
  return (
    <AccountFrame path="/account/settings" {...frame}>
      <h2>Email and password</h2>
      <Form action="/account/settings" token={token}>
        <Field
          name="email"
          label="Email; empty removes it"
          type="email"
          value={values.email ?? user.email}
          autocomplete="email"
          fault={fault}
        />
        <Field
          name="newPassword"
          label="New password; empty keeps the one you have"
          type="password"
          autocomplete="new-password"
          hint="A new password logs you out everywhere else."
          fault={fault}
        />
        <label class="choice">
          <input type="checkbox" name="revokeKeys" value="yes" /> revoke all my keys as well
        </label>
        <Field
          name="currentPassword"
          label="Your password now"
          type="password"
          autocomplete="current-password"
          required
        />
        <button type="submit">Save</button>
      </Form>

      <h2>Where you are logged in</h2>
      <Scroll label="Sessions">
        <table>
          <thead>
            <tr>
              <th scope="col">Since</th>
              <th scope="col">Last used</th>
              <th scope="col">Action</th>
            </tr>
          </thead>
          <tbody>
            {user.sessions.map(({ id, createdAt, lastUsedAt, current }) => (
              <tr>
                <td>
                  <Time iso={createdAt} />
                </td>
                <td>
                  <Time iso={lastUsedAt} />
                </td>
                <td>
                  {current ? (
                    'this one'
                  ) : (
                    <Form action="/account/sessions/end" token={token} class="inline" hidden={{ id }}>
                      <button type="submit" class="quiet">
                        End
                      </button>
                    </Form>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>

      <h2>Everything about you</h2>
      <p>
        <a href="/account/export" download>
          Download all that is kept about you
        </a>{' '}
        as one JSON file.
      </p>

      <h2>Delete the account</h2>
      <p>Stats, ranks, keys, credits and sessions are gone for good. Download a copy first if you want one.</p>
      <Form action="/account/delete" token={token}>
        <Field
          name="confirm"
          id="confirm"
          label={`Type your user name, ${user.username}`}
          autocomplete="off"
          required
        />
        <Field
          name="password"
          id="delete-password"
          label="Your password"
          type="password"
          autocomplete="current-password"
          required
        />
        <button type="submit" class="danger">
          Delete everything
        </button>
      </Form>
    </AccountFrame>
  )
}
