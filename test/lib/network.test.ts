import { expect, test } from 'vitest'
import { networkOf } from '../../src/lib/network.ts'

test('returns an IPv4 address unchanged', () => {
  expect(networkOf('203.0.113.7')).toBe('203.0.113.7')
  expect(networkOf('203.0.113.8')).not.toBe(networkOf('203.0.113.7'))
})

test.each([
  '2001:db8:0:1::',
  '2001:db8:0:1::1',
  '2001:0DB8:0000:0001:0000:0000:0000:0001',
  '2001:db8:0:1:ffff:ffff:ffff:ffff',
  '2001:db8::1:0:0:0:7',
  '2001:DB8::0001:a:b:c:d',
  '2001:db8:0:1::203.0.113.7',
])('returns the /64 of %s', (address) => {
  expect(networkOf(address)).toBe('2001:db8:0:1::/64')
})

test.each([
  ['2001:db8:0:2::1', '2001:db8:0:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:1::', '2001:db8:1:0::/64'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4::/64'],
  ['1::8', '1:0:0:0::/64'],
  ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
])('returns for %s the network %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test.each([
  '::ffff:203.0.113.7',
  '::FFFF:203.0.113.7',
  '0:0:0:0:0:ffff:203.0.113.7',
  '::ffff:cb00:7107',
  '::ffff:cb00:7107',
])('returns the IPv4 address in %s', (address) => {
  expect(networkOf(address)).toBe('203.0.113.7')
})

test.each(['', 'unknown', '1:2', 'fe80::1%eth0', 'x]/y[', '::ffff:999.1.1.1'])(
  'returns other texts unchanged: %j',
  (text) => {
    expect(networkOf(text)).toBe(text)
  },
)
