/** What the pages of /account have in common. */
import type { Child } from 'hono/jsx'
import type { AppError } from '../../../errors.ts'
import { Form, Notice } from '../../parts/form.tsx'
import { Page } from '../../parts/layout.tsx'
import type { SignedIn } from '../../signed-in.ts'
import type { Site } from '../../site.ts'

export type AccountProps = {
  site: Site
  user: SignedIn
  token: string
  fault?: AppError | undefined
  done?: string | undefined
}

const TABS = [
  { path: '/account', text: 'Credits' },
  { path: '/account/ledger', text: 'Ledger' },
  { path: '/account/keys', text: 'Keys' },
  { path: '/account/settings', text: 'Settings' },
]

export function AccountFrame({
  site,
  user,
  token,
  fault,
  done,
  path,
  children,
}: AccountProps & { path: string; children?: Child }) {
  const tab = TABS.find((entry) => entry.path === path)
  return (
    <Page site={site} title={tab?.text ?? 'Account'} section="account" isPrivate>
      <div class="who">
        <h1 class="name">{user.username}</h1>
        <Form action="/account/logout" token={token} class="inline">
          <button type="submit" class="quiet">
            Log out
          </button>
        </Form>
      </div>
      <nav class="tabs" aria-label="Account">
        {TABS.map((entry) => (
          <a href={entry.path} aria-current={entry.path === path ? 'page' : undefined}>
            {entry.text}
          </a>
        ))}
        <a href={`/players/${user.username}`}>My stats</a>
      </nav>
      <Notice fault={fault} done={done} />
      {children}
    </Page>
  )
}
