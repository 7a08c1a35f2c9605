/** A user's name in rows that are about other users too: kept up to date, and removed with the account. */
import { type SQL, sql } from 'drizzle-orm'

/** A write of a user's row. The other statements of its batch have an effect only if it was made. */
export type Write = { id: number; writeId: string }

export const isWritten = ({ id, writeId }: Write): SQL => sql`id = ${id} AND write_id = ${writeId}`

/** Gives the user another name, here and wherever others' data has it. */
export const renameUser = (write: Write, username: string): SQL[] => [
  ...replaceName(write, username),
  sql`UPDATE jobs SET payload = json_set(payload, '$.usernames', json((
        SELECT json_group_array(iif(value = ${nameOf(write)} COLLATE NOCASE, ${username}, value)) FROM json_each(payload, '$.usernames'))))
      WHERE ${isNamedInJob(write)}`,
  sql`UPDATE users SET username = ${username} WHERE ${isWritten(write)}`,
]

const nameOf = (write: Write): SQL => sql`(SELECT username FROM users WHERE ${isWritten(write)})`

/** The condition that a job's payload lists the user in `usernames`. */
const isNamedInJob = (write: Write): SQL =>
  sql`EXISTS (SELECT 1 FROM json_each(jobs.payload, '$.usernames') WHERE value = ${nameOf(write)} COLLATE NOCASE)`

/**
 * Replaces the user's name where a stored outcome, an alert or a job's payload names several users, each as
 * `"username":"…"`. This is done for each new name too, so that none is left when the account is deleted.
 */
export function replaceName(write: Write, to: string): SQL[] {
  const from = sql`(SELECT '"username":' || json_quote(username) FROM users WHERE ${isWritten(write)})`
  const by = `"username":${JSON.stringify(to)}`
  return [
    sql`UPDATE idempotency_records SET outcome = replace(outcome, ${from}, ${by}) WHERE about = 0 AND instr(outcome, ${from})`,
    sql`UPDATE deliveries SET payload = replace(payload, ${from}, ${by}) WHERE user_id IS NULL AND instr(payload, ${from})`,
    sql`UPDATE jobs SET payload = replace(payload, ${from}, ${by}) WHERE instr(payload, ${from})`,
  ]
}

/** Takes the user's name out of the lists of jobs. A job whose list is empty then is switched off. */
export function leaveJobs(write: Write): SQL {
  const others = sql`FROM json_each(payload, '$.usernames') WHERE value <> ${nameOf(write)} COLLATE NOCASE`
  const isEmptied = sql`NOT EXISTS (SELECT 1 ${others})`
  return sql`UPDATE jobs SET enabled = iif(${isEmptied}, 0, enabled), next_run_at = iif(${isEmptied}, NULL, next_run_at),
      payload = json_set(payload, '$.usernames', json((SELECT json_group_array(value) ${others})))
    WHERE ${isNamedInJob(write)}`
}
