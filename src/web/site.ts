/** What every page of the website needs to know: the operator's name, texts and choice of stats. */
import type { Config } from '../env.ts'
import type { StatName } from '../stats/catalog.ts'
import { shownStats } from './stat-names.ts'
import { DEFAULT_NAME, DEFAULT_TEXT } from './theme.ts'

export type Site = { name: string; text: string; stats: StatName[]; origin: string; signup: 'open' | 'key' }

export const siteOf = (
  { siteName, siteText, siteStats, signup }: Pick<Config, 'siteName' | 'siteText' | 'siteStats' | 'signup'>,
  url: string,
): Site => ({
  name: siteName || DEFAULT_NAME,
  text: siteText || DEFAULT_TEXT,
  stats: shownStats(siteStats),
  origin: new URL(url).origin,
  signup,
})
