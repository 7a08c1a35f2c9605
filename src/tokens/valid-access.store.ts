import { type SQL, sql } from 'drizzle-orm'
import type { Identity } from './access-token.ts'

/** True while this access is valid in D1, whatever this isolate knows: same account version, not disabled, session not ended. */
export const isValidAccess = ({ userId, version, sessionId }: Identity): SQL =>
  sql`(EXISTS (SELECT 1 FROM users WHERE id = ${userId} AND version = ${version} AND disabled_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM revocations WHERE subject = ${sessionId ?? ''}))`
