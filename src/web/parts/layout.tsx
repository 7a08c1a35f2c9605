/** The frame of every page: head, navigation and footer. */
import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { Site } from '../site.ts'

export type PageProps = {
  site: Site
  title: string
  /** For search engines and link previews. */
  description?: string | undefined
  /** Path of the preview image. */
  image?: string | undefined
  path?: string | undefined
  /** Which entry of the navigation this page belongs to. */
  section?: 'boards' | 'overlay' | 'account' | 'console' | undefined
  /** Keeps the page out of search engines. */
  isPrivate?: boolean | undefined
  /** Seconds after which the browser loads the page again by itself. */
  refresh?: number | undefined
  children?: Child
}

const NAVIGATION = [
  { section: 'boards', href: '/leaderboards', text: 'Leaderboards' },
  { section: 'overlay', href: '/overlay', text: 'Overlay' },
  { section: 'account', href: '/account', text: 'Account' },
] as const

export function Page({ site, title, section, children, isPrivate, refresh, ...preview }: PageProps) {
  const name = title === site.name ? title : `${title} · ${site.name}`
  return (
    <Document>
      <head>
        <Meta title={name} />
        {isPrivate ? <meta name="robots" content="noindex" /> : <Preview site={site} title={name} {...preview} />}
        {refresh ? <meta http-equiv="refresh" content={String(refresh)} /> : null}
        <script src="/assets/site.js" defer />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <header class="top">
          <a class="brand" href="/">
            {site.name}
          </a>
          <nav aria-label="Main">
            {NAVIGATION.map((entry) => (
              <a href={entry.href} aria-current={entry.section === section ? 'page' : undefined}>
                {entry.text}
              </a>
            ))}
          </nav>
          <Search compact />
        </header>
        <main id="main" tabindex={-1}>
          {children}
        </main>
        <footer>
          <span>{site.name}</span>
          <a href="/docs">API</a>
          <a href="/console">Console</a>
        </footer>
      </body>
    </Document>
  )
}

/** A page that stands on a stream: nothing but its content, on nothing. */
export function Bare({ title, theme, children }: { title: string; theme: string; children?: Child }) {
  return (
    <Document theme={theme}>
      <head>
        <Meta title={title} />
        <meta name="robots" content="noindex" />
        <script src="/assets/site.js" defer />
      </head>
      <body class="bare">{children}</body>
    </Document>
  )
}

function Document({ theme, children }: { theme?: string; children?: Child }) {
  return (
    <>
      {raw('<!doctype html>')}
      <html lang="en" data-theme={theme}>
        {children}
      </html>
    </>
  )
}

function Meta({ title }: { title: string }) {
  return (
    <>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="dark light" />
      <title>{title}</title>
      <link rel="preload" href="/assets/jersey-10.woff2" as="font" type="font/woff2" crossorigin="" />
      <link rel="stylesheet" href="/assets/site.css" />
      <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
    </>
  )
}

function Preview({
  site,
  title,
  description,
  image,
  path,
}: Pick<PageProps, 'site' | 'title' | 'description' | 'image' | 'path'>) {
  return (
    <>
      <meta name="description" content={description ?? site.text} />
      <meta property="og:site_name" content={site.name} />
      <meta property="og:type" content="website" />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={description ?? site.text} />
      {path ? <meta property="og:url" content={site.origin + path} /> : null}
      {image ? (
        <>
          <meta property="og:image" content={site.origin + image} />
          <meta property="og:image:width" content="1200" />
          <meta property="og:image:height" content="630" />
          <meta name="twitter:card" content="summary_large_image" />
        </>
      ) : null}
    </>
  )
}

/** Finds a player. Without script it is a form; with it, names appear as one types. */
export function Search({ compact = false, value = '' }: { compact?: boolean; value?: string }) {
  const id = compact ? 'find' : 'find-player'
  return (
    <search>
      <form class={compact ? 'search compact' : 'search'} action="/players" data-search>
        <label for={id}>{compact ? 'Find a player' : 'Find a player by name'}</label>
        <div class="field">
          <input
            id={id}
            name="q"
            value={value}
            placeholder="Player name"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            maxlength={32}
            required
          />
          <button type="submit">Find</button>
        </div>
      </form>
    </search>
  )
}
