/** `npm run listen`: a receiver of alerts on this machine, which prints what arrives. */
import { createServer, type IncomingMessage } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { readOptions, run, Unmet } from './terminal.ts'

const USAGE = `npm run listen [-- --port 9000 --secret whsec_…]
  Prints the alerts that arrive. With the endpoint's secret it verifies their signatures, too.`

/** Larger than any alert. */
const MAX_BYTES = 1024 * 1024

await run(async () => {
  const { port: text, secret } = readOptions({ port: { type: 'string' }, secret: { type: 'string' } }, USAGE)
  const port = Number(text ?? 9000)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Unmet(`--port has to be 1 to 65535.\n\n${USAGE}`)
  const verify = verifier(secret)

  const server = createServer(async (request, response) => {
    const body = await readBody(request)
    const verdict = body === undefined ? 'too large' : verify(request, body)
    const refused = body === undefined || verdict === 'does not verify'
    console.log(`\n${new Date().toISOString()}  ${request.method} ${request.url}  ${verdict}\n${readable(body ?? '')}`)
    response.writeHead(refused ? 400 : 204).end()
  })
  server.on('error', (error: NodeJS.ErrnoException) => {
    console.error(
      error.code === 'EADDRINUSE' ? `Port ${port} is taken: choose another with -- --port N.` : error.message,
    )
    process.exitCode = 1
  })
  server.listen(port, '127.0.0.1', () => console.log(`Listening for alerts on http://127.0.0.1:${port}/`))
})

/** Verifies a request as any receiver does by the Standard Webhooks specification. */
function verifier(secret: string | undefined): (request: IncomingMessage, body: string) => string {
  if (secret === undefined) return () => 'not verified: no --secret'
  let webhook: Webhook
  try {
    webhook = new Webhook(secret)
  } catch {
    throw new Unmet(`--secret has to be the endpoint's secret, whsec_….\n\n${USAGE}`)
  }
  return ({ headers }, body) => {
    try {
      webhook.verify(body, headers as Record<string, string>)
      return 'verified'
    } catch {
      return 'does not verify'
    }
  }
}

/** @returns undefined for a body that is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= MAX_BYTES) chunks.push(chunk)
  }
  return size <= MAX_BYTES ? Buffer.concat(chunks).toString('utf8') : undefined
}

function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
