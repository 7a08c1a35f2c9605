/** The faulty Worker in a process of its own, where players write their stats. Prints its URL when it is there. */
import { migrate, startWorker } from '../../worker.ts'

const [, , state = '', port] = process.argv
const vars = { PLAYERS_WRITE_STATS: process.env.PLAYERS_WRITE_STATS ?? 'true', SCRYPT_LN: '10' }
const { url, env } = await startWorker(state, vars, {
  built: 'dist/torture/faulty-worker.js',
  port: Number(port),
  quiet: true,
})
await migrate(env.DB)
console.log(url)
