/** The formats in which an endpoint can take alerts. */

export const FORMATS = ['standard', 'discord', 'slack'] as const

export type Format = (typeof FORMATS)[number]

/** The format that a URL calls for: Discord and Slack refuse any but their own. undefined for any other receiver. */
export function formatFor(url: string): Format | undefined {
  const { hostname = '', pathname = '' } = URL.parse(url) ?? {}
  if (/^([a-z]+\.)?discord(app)?\.com$/.test(hostname) && /^\/api\/(v\d+\/)?webhooks\//.test(pathname))
    return /\/slack\/?$/.test(pathname) ? 'slack' : 'discord' // Discord takes Slack's format at the same URL with /slack
  if (/^hooks\.slack(-gov)?\.com$/.test(hostname) && pathname.startsWith('/services/')) return 'slack'
  return undefined
}
