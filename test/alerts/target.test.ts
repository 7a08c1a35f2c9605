import { expect, test } from 'vitest'
import { MAX_HOST_LENGTH, MAX_URL_LENGTH, refusalOf } from '../../src/alerts/target.ts'

const refused = (url: string) => refusalOf(url, { allowLocal: false })
const refusedInDevelopment = (url: string) => refusalOf(url, { allowLocal: true })

const PUBLIC = [
  'https://example.com/hook',
  'https://example.com:8443/hook?token=abc',
  'https://hooks.example.com./hook',
  'https://8.8.8.8/',
  'https://[2606:4700::1111]/',
  'https://bücher.example/',
  'https://localhost.example.com/',
  'https://internal.example.com/',
  'https://not.alocal/',
]
test('allows public hosts by https', () => {
  expect(PUBLIC.filter(refused)).toEqual([])
})

const longUrl = (length: number) => 'https://example.com/'.padEnd(length, 'a')

const MALFORMED = [
  ['ftp://example.com/', 'has to be https'],
  ['http://example.com/', 'has to be https'],
  ['javascript:alert(1)', 'has to be https'],
  ['http://169.254.169.254/', 'has to be https'],
  ['example.com/hook', 'has to be an absolute URL'],
  ['//example.com/hook', 'has to be an absolute URL'],
  ['https://', 'has to be an absolute URL'],
  ['https://999.1.1.1/', 'has to be an absolute URL'],
  ['https://user@example.com/', 'must not hold a user name or a password'],
  ['https://user:password@example.com/', 'must not hold a user name or a password'],
  ['https://:password@example.com/', 'must not hold a user name or a password'],
  [longUrl(MAX_URL_LENGTH + 1), `has to be at most ${MAX_URL_LENGTH.toLocaleString('en')} characters`],
  [
    `https://${'a'.repeat(60)}.${'b'.repeat(MAX_HOST_LENGTH - 60)}/`,
    `has to have a host name of at most ${MAX_HOST_LENGTH} characters`,
  ],
] as const
test('returns the rule that a URL breaks', () => {
  expect(MALFORMED.map(([url]) => [url, refused(url)])).toEqual(MALFORMED)
})

test('allows MAX_URL_LENGTH characters', () => {
  expect(refused(longUrl(MAX_URL_LENGTH))).toBeUndefined()
})

const LOCAL_NAMES = [
  'localhost',
  'LOCALHOST',
  'localhost.',
  'localhost..',
  'a.localhost',
  'printer.local',
  'printer.local.',
  'metadata.google.internal',
  'router.home.arpa',
  'intranet',
  'intranet.',
  'local',
]
test('refuses local names, also with dots at the end', () => {
  expect(LOCAL_NAMES.filter((host) => refused(`https://${host}/`) !== 'must not name a local host')).toEqual([])
})

const RESERVED = [
  // loopback in the spellings of inet_aton, and in other digits
  '127.0.0.1',
  '127.1',
  '127.255.255.254',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '017700000001',
  '127.0.0.1.',
  '１２７.０.０.１',
  '127。0。0。1',
  '%31%32%37.0.0.1',
  // private, shared, link-local, reserved
  '0.0.0.0',
  '0',
  '0.1.2.3',
  '10.0.0.1',
  '0xa000001',
  '100.64.0.1',
  '100.127.255.255',
  '169.254.169.254',
  '2852039166',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  // IPv6
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000::0001]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:a9fe:a9fe]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b::169.254.169.254]',
  '[64:ff9b:1::10.0.0.1]',
  '[100::1]',
  '[2001::1]',
  '[2001:db8::1]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::1]',
  '[3fff::1]',
  '[5f00::1]',
  '[fc00::1]',
  '[fd12:3456:789a::1]',
  '[fe80::1]',
  '[febf::1]',
  '[fec0::1]',
  '[ff02::1]',
]
test('refuses private, local and reserved addresses in every spelling', () => {
  const rule = 'must not name a private, local or reserved address'
  expect(RESERVED.filter((host) => refused(`https://${host}/`) !== rule)).toEqual([])
})

const NEIGHBOURS = [
  '172.15.255.255',
  '172.32.0.1',
  '100.63.0.1',
  '100.128.0.1',
  '169.253.1.1',
  '192.167.1.1',
  '223.255.255.1',
  '1.1.1.1',
]
test('allows addresses next to the private ranges', () => {
  expect(NEIGHBOURS.filter((host) => refused(`https://${host}/`))).toEqual([])
})

const THIS_MACHINE = [
  'http://127.0.0.1/',
  'http://127.0.0.1:9000/hook',
  'http://[::1]:9000/',
  'http://localhost:9000/hook',
]
test('allows this machine in development only', () => {
  expect(THIS_MACHINE.filter(refusedInDevelopment)).toEqual([])
  expect(THIS_MACHINE.map(refused)).toEqual(THIS_MACHINE.map(() => 'has to be https'))
})

const OTHER_MACHINES = [
  'http://127.0.0.2/',
  'http://10.0.0.1/',
  'http://169.254.169.254/',
  'http://[::ffff:127.0.0.1]/',
  'http://a.localhost/',
  'http://localhost./',
  'http://example.com/',
  'http://user@127.0.0.1/',
  'https://127.0.0.1/',
  'https://localhost/',
  'https://10.0.0.1/',
]
test('refuses everything else in development too', () => {
  expect(OTHER_MACHINES.filter((url) => !refusedInDevelopment(url))).toEqual([])
})
