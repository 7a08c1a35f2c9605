/** Overlays: what OBS loads, and the page that puts their address together. */
import { expect, test } from 'vitest'
import { readLook } from '../../src/web/overlay-look.ts'
import { insertKey, startService } from '../support/service.ts'

async function world() {
  const service = startService()
  const key = await insertKey(['stats:write', 'users:write'])
  const changes = [
    { username: 'kicksent', stat: 'meleeAtkXp', change: 400 },
    { username: 'BraveOtter', stat: 'meleeAtkXp', change: 900 },
  ]
  await service.call('/api/stats/batch', { bearer: key, body: { changes, createMissing: true } })
  return { service, key }
}

test('any page may frame an overlay, and only an overlay', async () => {
  const { service } = await world()
  for (const path of ['/overlay/player/kicksent', '/overlay/leaderboard/melee', '/overlay/levelups?users=kicksent']) {
    const { status, headers } = await service.call(path)
    expect([path, status]).toEqual([path, 200])
    expect(headers.get('Content-Security-Policy')).toContain('frame-ancestors *')
    expect(headers.get('X-Frame-Options')).toBeNull()
  }
  expect((await service.call('/overlay')).headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'")
})

test('an overlay shows the stats, theme and size that its address asks for', async () => {
  const { service } = await world()
  const { text } = await service.call('/overlay/player/kicksent?theme=light&scale=1.5&stats=speed,melee&limit=2')
  expect(text).toContain('data-theme="light"')
  expect(text).toContain('scale-150')
  expect([...text.matchAll(/data-stat="(\w+)"/g)].map(([, stat]) => stat)).toEqual(['Speed', 'Melee'])
})

test('a level-up overlay carries the levels of those it is asked for, unknown names left out', async () => {
  const { service, key } = await world()
  const path = '/overlay/levelups?users=kicksent,nobody,%3Cscript%3E&stats=melee'
  const before = await service.call(path)
  expect(before.text).toContain('data-player="kicksent" data-stat="Melee" data-level="3"')
  expect(before.text).not.toContain('<script>')
  await service.call('/api/users/kicksent/stats', {
    method: 'PATCH',
    bearer: key,
    body: { changes: { meleeAtkXp: 600 } },
  })
  expect((await service.call(path)).text).toContain('data-level="5"')
})

test('the builder gives the address of what was put together, without script too', async () => {
  const { service } = await world()
  const query = 'kind=player&player=kicksent&theme=light&scale=200&limit=3&stats=melee&stats=speed'
  const { text } = await service.call(`/overlay?${query}`)
  expect(text).toContain(
    'value="https://statkeep.test/overlay/player/kicksent?theme=light&amp;scale=2&amp;limit=3&amp;stats=melee%2Cspeed"',
  )
  expect((await service.call('/overlay?player="><script>')).text).not.toContain('"><script>')
})

test('what is not understood is left at its default', () => {
  const look = readLook({ theme: 'pink', scale: '99', limit: '-1', stats: 'luck' }, ['healthXp'])
  expect([look.theme, look.scale, look.limit]).toEqual(['dark', 100, 10])
  expect(readLook({ limit: '1000' }, []).limit).toBe(25)
})
