/** The commands in README and docs/, as somebody pastes them. */
import { expect, test } from 'vitest'

const pages = import.meta.glob<string>(['../../README.md', '../../docs/**/*.md'], {
  query: '?raw',
  import: 'default',
  eager: true,
})

test('name the API key KEY, as npm run key prints it', () => {
  for (const [page, text] of Object.entries(pages)) {
    const variables = [...text.matchAll(/(?:Bearer |kicksent:)\$\{?([A-Z_]+)/g)].map(([, name]) => name)
    expect([page, ...new Set(variables)]).toEqual(variables.length ? [page, 'KEY'] : [page])
    expect(text, page).not.toMatch(/ADMIN_KEY|\bADMIN=/)
  }
})

test('README starts with one line', () => {
  expect(pages['../../README.md']).toContain('```sh\nnpm ci && npm run dev\n```')
})
