/** The Durable Object that commits the writes of all isolates in groups. It stores nothing: D1 is the truth. */
import { DurableObject } from 'cloudflare:workers'
import { charges } from './credits/charge.store.ts'
import { type Committed, commit, type PlannedWrite } from './db/commit.ts'
import { wasNotWritten, withRetries } from './db/failures.ts'
import { GroupCommit } from './db/group-commit.ts'
import { type NoteBookmark, primaryDatabase } from './db/replicas.ts'
import type { Queryable } from './db/wrapped.ts'
import { compiledSet, type WriteItem } from './db/write-set.ts'
import type { RemoteCommitter } from './db/writer.ts'
import type { Env } from './env.ts'
import { toBase64Url } from './lib/bytes.ts'
import { wait } from './lib/time.ts'
import { statCalls } from './stats/stats.store.ts'

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))

export class Committer extends DurableObject<Env> implements RemoteCommitter {
  readonly #sets = new Map([compiledSet(charges), compiledSet(statCalls)].map((set) => [set.id, set]))
  readonly #group = new GroupCommit({ commit: (writes) => this.commit(writes), now: () => Date.now() })

  async write(setId: string, item: WriteItem) {
    const set = this.#sets.get(setId)
    return set ? this.#group.write(set, item) : { unknownSet: true as const }
  }

  protected database(note: NoteBookmark): Queryable {
    return primaryDatabase(this.env.DB, note)
  }

  /** One batch. @returns also the bookmark of the state after it. */
  protected async commit(writes: PlannedWrite[]): Promise<Committed & { bookmark: string | undefined }> {
    let bookmark: string | undefined
    const d1 = this.database((latest) => {
      bookmark = latest
    })
    const committed = await withRetries({ random, wait }, wasNotWritten, () =>
      commit(d1, writes, toBase64Url(random(9))),
    )
    return { ...committed, bookmark }
  }
}
