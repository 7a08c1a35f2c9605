/** Client addresses, as rate limits count them. */

/** An IPv4 address as it is; an IPv6 address, however it is spelt, by its /64, which is what one subscriber gets. */
export function networkOf(address: string): string {
  // The URL parser knows every spelling, and writes the one of RFC 5952.
  const canonical = URL.parse(`http://[${address}]`)?.hostname.slice(1, -1)
  if (canonical === undefined) return address
  const [, high, low] = /^::ffff:([^:]+):([^:]+)$/.exec(canonical) ?? []
  if (high && low) return [high, low].flatMap((group) => bytesOf(Number.parseInt(group, 16))).join('.')
  const [head = [], tail = []] = canonical.split('::').map((part) => part.split(':').filter(Boolean))
  const groups = [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail]
  return `${groups.slice(0, 4).join(':')}::/64`
}

const bytesOf = (group: number) => [group >> 8, group & 255]
