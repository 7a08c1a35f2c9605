/** The part of Cloudflare's API that `wrangler d1 execute --remote` talks to, on this machine, over a real SQLite database. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { buffer } from 'node:stream/consumers'

/** D1's limit for one statement. */
const MAX_BYTES = 100_000

/** Starts it with a migrated database. `env` makes wrangler talk to it. */
export async function startCloudflare(migrations: string) {
  const database = new DatabaseSync(':memory:')
  for (const name of readdirSync(migrations).sort()) {
    if (name.endsWith('.sql')) database.exec(readFileSync(join(migrations, name), 'utf8'))
  }
  const calls: string[] = []
  let file = Buffer.alloc(0)

  /** All of the file or nothing, as D1 does it. */
  function ingest() {
    const statements = file.toString('utf8').split(/;\n(?=INSERT|$)/)
    try {
      if (statements.some((sql) => Buffer.byteLength(sql) > MAX_BYTES)) throw new Error('statement too long')
      database.exec('BEGIN')
      database.exec(file.toString('utf8'))
      database.exec('COMMIT')
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      return { success: false, error: String(error) }
    }
    const meta = { duration: 1, rows_read: 0, rows_written: 0, size_after: 0 }
    return {
      success: true,
      status: 'complete',
      messages: [],
      result: { num_queries: statements.length, final_bookmark: '', meta },
    }
  }

  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const path = new URL(request.url ?? '', 'http://x').pathname
    if (request.method === 'PUT') {
      file = body
      response.setHeader('ETag', createHash('md5').update(body).digest('hex')).end()
      return
    }
    const asked = body.length > 0 ? JSON.parse(body.toString('utf8')) : {}
    calls.push(`${request.method} ${path.split('/').at(-1)} ${asked.action ?? ''}`.trim())
    if (path.endsWith('/d1/database/statkeep')) answer(response, { uuid: crypto.randomUUID(), name: 'statkeep' })
    else if (path.endsWith('/query')) answer(response, [{ results: database.prepare(asked.sql).all(), success: true }])
    else if (asked.action === 'init')
      answer(response, { upload_url: `${urlOf(request)}/upload`, filename: 'batch.sql' })
    else answer(response, ingest())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    database,
    calls,
    env: {
      CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}/client/v4`,
      CLOUDFLARE_API_TOKEN: 'a token for tests only',
      CLOUDFLARE_ACCOUNT_ID: '0'.repeat(32),
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

const urlOf = ({ headers }: IncomingMessage) => `http://${headers.host}`

function answer(response: ServerResponse, result: unknown): void {
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify({ success: true, errors: [], messages: [], result }))
}
