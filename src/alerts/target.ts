/** Where alerts may go: to hosts of the public internet by https. */
import ipaddr from 'ipaddr.js'

export const MAX_URL_LENGTH = 2048
const MAX_HOST_CHARACTERS = 253

/** Names of local networks: RFC 6761, 6762, 8375 and common habits. */
const LOCAL_NAMES = ['localhost', 'local', 'internal', 'localdomain', 'home.arpa']

const LOCAL_HOSTS = ['127.0.0.1', '[::1]', 'localhost']

/** All IPv6 addresses of the internet that were assigned are in 2000::/3, so reserved ranges outside need no list. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * The rule that a URL breaks, or undefined where alerts may go there. `allowLocal` also allows http to this machine.
 * What a name resolves to does not matter: a Worker's requests leave from Cloudflare, which has no private network
 * behind it.
 */
export function refusalOf(text: string, { allowLocal }: { allowLocal: boolean }): string | undefined {
  if (text.length > MAX_URL_LENGTH) return `has to be at most ${MAX_URL_LENGTH.toLocaleString('en')} characters`
  const url = URL.parse(text)
  if (!url) return 'has to be an absolute URL'
  if (url.username || url.password) return 'must not hold a user name or a password'
  if (allowLocal && url.protocol === 'http:' && LOCAL_HOSTS.includes(url.hostname)) return undefined
  if (url.protocol !== 'https:') return 'has to be https'
  // The parser has normalised every spelling of an IP address.
  return refusalOfHost(url.hostname.replace(/\.+$/, ''))
}

function refusalOfHost(host: string): string | undefined {
  if (host.length > MAX_HOST_CHARACTERS) return `has to have a host name of at most ${MAX_HOST_CHARACTERS} characters`
  const address = host.replace(/^\[(.*)\]$/, '$1')
  if (ipaddr.isValid(address)) {
    return isPublic(ipaddr.parse(address)) ? undefined : 'must not name a private, local or reserved address'
  }
  if (!host.includes('.') || LOCAL_NAMES.some((name) => `.${host}`.endsWith(`.${name}`))) {
    return 'must not name a local host'
  }
  return undefined
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST)
}
