/** The preview image: a PNG that any decoder reads, small, and quick to paint. */
import { expect, test } from 'vitest'
import { paintCard } from '../../src/web/card/paint-card.ts'
import type { Player } from '../../src/web/players.ts'
import { siteOf } from '../../src/web/site.ts'

const site = siteOf({ siteName: '', siteText: '', siteStats: '', signup: 'open' }, 'https://stats.example.com/')

const player = (username: string): Player => ({
  username,
  since: '2026-03-04T00:00:00.000Z',
  totalLevel: 987,
  stats: site.stats.map((stat, i) => ({ stat, xp: i, level: 100 - i, toNext: 1, progress: i / 9, rank: i })),
})

test.each(['kicksent', 'W'.repeat(32), 'i', 'Ünknown‮'])('of %s is a PNG of 1200 by 630 below 30 KB', async (name) => {
  const png = await paintCard(player(name), site)
  const view = new DataView(png.buffer)
  expect([view.getUint32(0), view.getUint32(4)]).toEqual([0x89504e47, 0x0d0a1a0a])
  expect([view.getUint32(16), view.getUint32(20)]).toEqual([1200, 630])
  expect(png.length).toBeLessThan(30 * 1024)
  expect(await pixelsOf(png)).toHaveLength(630 * 601)
})

test('of another player is another picture', async () => {
  expect(await paintCard(player('a'), site)).not.toEqual(await paintCard(player('b'), site))
})

/** The rows as they were before compression. */
async function pixelsOf(png: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const view = new DataView(png.buffer)
  for (let at = 8; at < png.length; at += view.getUint32(at) + 12) {
    if (String.fromCharCode(...png.subarray(at + 4, at + 8)) !== 'IDAT') continue
    const data = png.slice(at + 8, at + 8 + view.getUint32(at))
    const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate'))
    return new Uint8Array(await new Response(stream).arrayBuffer())
  }
  throw new Error('There is no picture in it')
}
