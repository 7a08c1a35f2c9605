import { type SQL, sql } from 'drizzle-orm'
import type { Bound } from '../db/client.ts'

/** An `Identity`, or the expressions that have its parts. */
type Access = { userId: Bound | SQL; version: Bound | SQL; sessionId: Bound | SQL | undefined }

/**
 * The condition "this access token or password is still valid": same account version, not disabled, session not ended.
 * D1 knows at once; an isolate's cache of revocations may be some seconds old.
 */
export const isValidAccess = ({ userId, version, sessionId }: Access): SQL =>
  sql`(EXISTS (SELECT 1 FROM users WHERE id = ${userId} AND version = ${version} AND disabled_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM revocations WHERE subject = COALESCE(${sessionId ?? null}, '')))`
