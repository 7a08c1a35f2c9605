/** The faulty Worker in a process of its own, where players write their stats. Prints its URL when it is there. */
import { migrate, startWorker } from '../../worker.ts'

const [, , state = '', port] = process.argv
const { PLAYERS_WRITE_STATS = 'true', BOARD = '0' } = process.env
const vars = { PLAYERS_WRITE_STATS, SCRYPT_LN: '10' }
const { url, env } = await startWorker(state, vars, {
  built: 'dist/torture/faulty-worker.js',
  port: Number(port),
  quiet: true,
})
if (await migrate(env.DB)) await fillBoard(Number(BOARD))
console.log(url)
// Ends with the tests, however they end.
process.stdin.on('end', () => process.exit()).resume()

/** So many players on the board of blockXp; five share a value. */
async function fillBoard(players: number): Promise<void> {
  if (players === 0) return
  const ids = `WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < ${players})`
  await env.DB.batch([
    env.DB.prepare(
      `${ids} INSERT INTO users (id, username, password_hash, created_at) SELECT id, 'listed' || id, '', 0 FROM n`,
    ),
    env.DB.prepare(
      `${ids} INSERT INTO stats (user_id, stat, value) SELECT id, 'blockXp', 1 + id * 2654435761 % ${players / 5} FROM n`,
    ),
  ])
}
