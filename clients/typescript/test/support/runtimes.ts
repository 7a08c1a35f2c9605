/** Runs a scenario by its name in Node, workerd and Chromium. */
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { scenarios } from './scenarios.ts'
import { createWorld } from './world.ts'

export type Runtime = { run: (name: string, offset: number) => Promise<void>; stop: () => Promise<void> }

const RUN = `import { scenarios } from './scenarios.ts'
import { createWorld } from './world.ts'
import * as statkeep from '../../src/index.ts'
const run = (url, name, offset) => scenarios[name](createWorld(url, offset)).then(() => '', (error) => error.stack || String(error))
`
const WORKER = `export default { async fetch(request) {
  const { url, name, offset } = await request.json()
  return new Response(await run(url, name, offset))
} }`

export async function bundle(end: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: RUN + end, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

const raise = (error: string) => {
  if (error) throw new Error(error)
}

export const inNode = async (url: string): Promise<Runtime> => ({
  run: (name, offset) => scenarios[name]?.(createWorld(url, offset)) ?? Promise.reject(new Error(name)),
  stop: async () => {},
})

export async function inWorkerd(url: string): Promise<Runtime> {
  const { Miniflare } = await import('miniflare')
  const { convertV4MiniflareOptions } = (await import('miniflare')) as any
  const worker = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: 'ESModule', path: 'worker.js', contents: await bundle(WORKER) }],
      compatibilityDate: '2026-10-01',
    }),
  )
  return {
    run: async (name, offset) => {
      const answer = await worker.dispatchFetch('http://worker/', {
        method: 'POST',
        body: JSON.stringify({ url, name, offset }),
      })
      raise(await answer.text())
    },
    stop: () => worker.dispose(),
  }
}

/** A site of another origin than the service, with the script that a page would load. */
export async function startSite(files: Record<string, { type: string; body: string }>) {
  const site = createServer((request, response) => {
    const file = files[request.url ?? '/']
    response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain' })
    response.end(file?.body)
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  const { port } = site.address() as { port: number }
  return { url: `http://127.0.0.1:${port}`, stop: () => new Promise((resolve) => site.close(resolve)) }
}

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })

export async function inChromium(url: string) {
  const site = await startSite({
    '/': { type: 'text/html', body: '<!doctype html><script type="module" src="/run.js"></script>' },
    '/run.js': { type: 'text/javascript', body: await bundle('Object.assign(window, { run, statkeep })') },
  })
  const browser = await launch()
  const context = await browser.newContext()
  const open = async () => {
    const page = await context.newPage()
    await page.goto(site.url)
    await page.waitForFunction('window.run')
    return page
  }
  const page = await open()
  return {
    open,
    run: async (name: string, offset: number) => {
      raise(
        await page.evaluate(([url, name, offset]) => (window as any).run(url, name, offset), [
          url,
          name,
          offset,
        ] as const),
      )
    },
    stop: async () => {
      await browser.close()
      await site.stop()
    },
  }
}
