/** Many users at once, straight into the database. */
import { env } from 'cloudflare:workers'

/** Makes `player1` to `player<count>`, on an empty database with the ids 1 to `count`. */
export async function addUsers(count: number): Promise<void> {
  await env.DB.prepare(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    INSERT INTO users (username, created_at) SELECT 'player' || i, 1 FROM n`)
    .bind(count)
    .run()
}

/** Gives every player a value of a stat; `value` is SQL over the user's `id`. */
export async function giveAll(stat: string, value: string): Promise<void> {
  await env.DB.prepare(`INSERT INTO stats (user_id, stat, value) SELECT id, ?, ${value} FROM users`).bind(stat).run()
}
