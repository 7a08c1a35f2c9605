/** Where alerts may go: to hosts of the public internet by https. */
import ipaddr from 'ipaddr.js'

const MAX_CHARACTERS = 2048
const MAX_HOST_CHARACTERS = 253

/** RFC 6761, 6762, 8375, and what networks use for themselves. */
const LOCAL_NAMES = ['localhost', 'local', 'internal', 'localdomain', 'home.arpa']

const LOCAL_HOSTS = ['127.0.0.1', '[::1]', 'localhost']

/** Addresses of the internet that were ever given out are in 2000::/3; what is reserved elsewhere needs no list. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * The rule that a URL breaks, or undefined for one that alerts may go to. With `allowLocal`, http to this very machine
 * may be, too. What a name resolves to is not looked at: a Worker's requests leave from Cloudflare, which has no
 * private network behind it.
 */
export function refusalOf(text: string, { allowLocal }: { allowLocal: boolean }): string | undefined {
  if (text.length > MAX_CHARACTERS) return 'has to be at most 2,048 characters'
  const url = URL.parse(text)
  if (!url) return 'has to be an absolute URL'
  if (url.username || url.password) return 'must not hold a user name or a password'
  if (allowLocal && url.protocol === 'http:' && LOCAL_HOSTS.includes(url.hostname)) return undefined
  if (url.protocol !== 'https:') return 'has to be https'
  // The parser has brought every spelling of an IPv4 address to four decimal parts, and of an IPv6 address to one form.
  return refusalOfHost(url.hostname.replace(/\.+$/, ''))
}

function refusalOfHost(host: string): string | undefined {
  if (host.length > MAX_HOST_CHARACTERS) return 'has to have a host name of at most 253 characters'
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
