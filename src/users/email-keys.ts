/** Adds the folded keys to emails that were stored before migration 0005. SQLite folds ASCII only, so the rest is done here. */
import type { Deps } from '../deps.ts'
import { listUnkeyedEmails, type UnkeyedEmail, updateEmailKeys } from './email-keys.store.ts'
import { foldEmail } from './fold-email.ts'

/** Emails in one batch, with a statement for each. */
const EMAILS_AT_ONCE = 40

/** `collisions` are users whose email another user has in another spelling. */
export async function keyEmails({
  db,
}: Pick<Deps, 'db'>): Promise<{ keyed: number; collisions: UnkeyedEmail[]; more: boolean }> {
  const found = await listUnkeyedEmails(db, EMAILS_AT_ONCE)
  if (found.length === 0) return { keyed: 0, collisions: [], more: false }
  const collided = await updateEmailKeys(
    db,
    found.map(({ id, email }) => ({ id, email, key: foldEmail(email) })),
  )
  return {
    keyed: found.length,
    collisions: found.filter(({ id }) => collided.includes(id)),
    more: found.length === EMAILS_AT_ONCE,
  }
}
