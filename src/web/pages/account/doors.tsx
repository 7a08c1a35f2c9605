/** Log in, sign up, and what to do about a forgotten password. */
import type { AppError } from '../../../errors.ts'
import { Field, Form, Notice } from '../../parts/form.tsx'
import { Page } from '../../parts/layout.tsx'
import type { Site } from '../../site.ts'

type DoorProps = {
  site: Site
  token: string
  values?: Record<string, string>
  fault?: AppError | undefined
  done?: string | undefined
}

export function LoginPage({ site, token, values = {}, fault, done }: DoorProps) {
  return (
    <Page site={site} title="Log in" section="account" isPrivate>
      <h1>Log in</h1>
      <Notice fault={fault} done={done} />
      <Form action="/account/login" token={token}>
        <Field name="username" label="User name" value={values.username} autocomplete="username" required />
        <Field name="password" label="Password" type="password" autocomplete="current-password" required />
        <button type="submit">Log in</button>
      </Form>
      <p>
        {site.signup === 'open' ? (
          <>
            New here? <a href="/account/signup">Make an account</a>.{' '}
          </>
        ) : null}
        <a href="/account/forgotten">Forgotten the password?</a>
      </p>
    </Page>
  )
}

export function SignupPage({ site, token, values = {}, fault, minLength }: DoorProps & { minLength: number }) {
  return (
    <Page site={site} title="Make an account" section="account" isPrivate>
      <h1>Make an account</h1>
      {site.signup === 'open' ? (
        <>
          <Notice fault={fault} />
          <Form action="/account/signup" token={token}>
            <Field
              name="username"
              label="User name"
              value={values.username}
              hint="1 to 32 letters, digits, _ . and -. Everybody sees it."
              autocomplete="username"
              fault={fault}
              required
            />
            <Field
              name="password"
              label="Password"
              type="password"
              hint={`At least ${minLength} characters.`}
              autocomplete="new-password"
              fault={fault}
              required
            />
            <Field
              name="email"
              label="Email, if you like"
              type="email"
              value={values.email}
              hint="Only you and the operator see it."
              autocomplete="email"
              fault={fault}
            />
            <button type="submit">Make it</button>
          </Form>
        </>
      ) : (
        <p>Accounts here are made by the game. Start the game, and it makes yours.</p>
      )}
      <p>
        Have one already? <a href="/account/login">Log in</a>.
      </p>
    </Page>
  )
}

export function ForgottenPage({ site, token, fault }: DoorProps) {
  return (
    <Page site={site} title="Forgotten password" section="account" isPrivate>
      <h1>Forgotten password</h1>
      <p>
        Ask whoever runs this service for a <strong>password reset</strong> of your user name. You get a code that
        begins with <code>rst_</code> and works once, within a day.
      </p>
      <h2>I have a code</h2>
      <Notice fault={fault} />
      <Form action="/account/forgotten" token={token}>
        <Field name="token" label="The code" autocomplete="one-time-code" required />
        <Field
          name="newPassword"
          label="New password"
          type="password"
          autocomplete="new-password"
          fault={fault}
          required
        />
        <button type="submit">Set the password</button>
      </Form>
    </Page>
  )
}

export function GoodbyePage({ site }: { site: Site }) {
  return (
    <Page site={site} title="Deleted" section="account" isPrivate>
      <h1>Your account is deleted</h1>
      <p>Everything about you is gone: stats, keys, credits, sessions. Thank you for playing.</p>
      <p>
        <a href="/">Back to the start</a>
      </p>
    </Page>
  )
}
