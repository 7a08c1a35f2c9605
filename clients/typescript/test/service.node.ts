/** Every scenario in every runtime, and two tabs of one browser. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { inChromium, inNode, inWorkerd, type Runtime } from './support/runtimes.ts'
import { scenarios } from './support/scenarios.ts'
import { startService } from './support/service.ts'

const HOUR_MS = 3_600_000
let service: Awaited<ReturnType<typeof startService>>
let hours = 0

before(async () => {
  service = await startService()
})
after(() => service.stop())

const runtimes: Record<string, (url: string) => Promise<Runtime>> = {
  Node: inNode,
  workerd: inWorkerd,
  Chromium: inChromium,
}
for (const [name, start] of Object.entries(runtimes)) {
  describe(name, () => {
    let runtime: Runtime
    before(async () => {
      runtime = await start(service.url)
    })
    after(() => runtime.stop())
    // Each begins an hour later than the last, because the service's clock only goes forward.
    for (const title of Object.keys(scenarios)) {
      it(title, { timeout: 10_000 }, () => runtime.run(title, ++hours * HOUR_MS))
    }
  })
}

describe('two tabs', () => {
  it('share one stored session through 60 refreshes', { timeout: 60_000 }, async () => {
    const chromium = await inChromium(service.url)
    try {
      const tabs = [await chromium.open(), await chromium.open()]
      const start = (url: string) => {
        const { statkeep } = window as any
        const client = statkeep.createStatkeep({ url, store: statkeep.localStore('tabs') })
        Object.assign(window, { client, ended: [] })
        client.session.on('ended', (reason: string) => (window as any).ended.push(reason))
        return client.session.restore()
      }
      await tabs[0]?.evaluate(start, service.url)
      await tabs[0]?.evaluate(async () => {
        const { client } = window as any
        await client.accounts.signUp('two.tabs', 'password-1')
        await client.session.logIn('two.tabs', 'password-1')
      })
      await tabs[1]?.evaluate(start, service.url)
      for (let i = 0; i < 30; i++)
        await Promise.all(tabs.map((tab) => tab.evaluate(() => (window as any).client.session.refresh())))
      for (const tab of tabs) {
        assert.equal(await tab.evaluate(async () => (await (window as any).client.accounts.me()).username), 'two.tabs')
        assert.deepEqual(await tab.evaluate(() => (window as any).ended), [])
      }
    } finally {
      await chromium.stop()
    }
  })
})
