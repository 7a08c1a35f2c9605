/** What the pages of /console have in common. */
import type { Child } from 'hono/jsx'
import type { AppError } from '../../../errors.ts'
import { Field, Form, Notice } from '../../parts/form.tsx'
import { Page } from '../../parts/layout.tsx'
import type { Site } from '../../site.ts'

export type ConsoleProps = {
  site: Site
  token: string
  fault?: AppError | undefined
  done?: string | undefined
}

const TABS = [
  { path: '/console', text: 'Service' },
  { path: '/console/users', text: 'Users' },
  { path: '/console/alerts', text: 'Alerts' },
  { path: '/console/jobs', text: 'Jobs' },
  { path: '/console/datasets', text: 'Datasets' },
]

export function ConsoleFrame({
  site,
  token,
  fault,
  done,
  path,
  title,
  children,
}: ConsoleProps & { path: string; title: string; children?: Child }) {
  return (
    <Page site={site} title={title} section="console" isPrivate>
      <div class="who">
        <h1>{title}</h1>
        <Form action="/console/logout" token={token} class="inline">
          <button type="submit" class="quiet">
            Log out
          </button>
        </Form>
      </div>
      <nav class="tabs" aria-label="Console">
        {TABS.map((tab) => (
          <a href={tab.path} aria-current={tab.path === path ? 'page' : undefined}>
            {tab.text}
          </a>
        ))}
      </nav>
      <Notice fault={fault} done={done} />
      {children}
    </Page>
  )
}

export function ConsoleLoginPage({ site, token, fault }: ConsoleProps) {
  return (
    <Page site={site} title="Console" section="console" isPrivate>
      <h1>Console</h1>
      <p>
        For whoever runs this service. Make a key on its machine:{' '}
        <code>npm run key -- --name console --scopes admin</code>
      </p>
      <Notice fault={fault} />
      <Form action="/console/login" token={token}>
        <Field name="key" label="A key with the scope admin" type="password" autocomplete="off" required />
        <button type="submit">Log in for eight hours</button>
      </Form>
    </Page>
  )
}

/** Asks first, and says what will be lost. */
export function Confirm({ label, loses, children }: { label: string; loses: string; children?: Child }) {
  return (
    <details class="confirm">
      <summary>{label}</summary>
      <p>{loses}</p>
      {children}
    </details>
  )
}
