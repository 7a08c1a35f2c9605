/** The Worker in front of a database whose commits take COMMIT_DELAY_MS longer, one after the other, as on a machine that flushes them to disks. */
import { DurableObject } from 'cloudflare:workers'
import { createApp } from '../../src/app.ts'
import { Committer as FastCommitter } from '../../src/committer.ts'
import type { PlannedWrite } from '../../src/db/commit.ts'
import type { Env } from '../../src/env.ts'

type SlowEnv = Env & {
  COMMIT_DELAY_MS?: string
  DISK: { getByName(name: string): { flush(ms: number): Promise<void> } }
}

/** One commit after the other. */
export class Disk extends DurableObject {
  #last = Promise.resolve()

  flush(ms: number): Promise<void> {
    this.#last = this.#last.then(() => new Promise((resolve) => setTimeout(resolve, ms)))
    return this.#last
  }
}

async function flush({ COMMIT_DELAY_MS, DISK }: SlowEnv): Promise<void> {
  const ms = Number(COMMIT_DELAY_MS ?? 0)
  if (ms > 0) await DISK.getByName('disk').flush(ms)
}

export class Committer extends FastCommitter {
  protected override async commit(writes: PlannedWrite[]) {
    await flush(this.env as SlowEnv)
    return super.commit(writes)
  }
}

let env: SlowEnv | undefined
const app = createApp({
  database: (d1) => ({
    prepare: (query) => d1.prepare(query),
    batch: async (statements) => {
      if (env) await flush(env)
      return d1.batch(statements)
    },
  }),
  log: () => {},
})

export default {
  fetch(request, given, context) {
    env = given
    return app.fetch(request, given, context)
  },
} satisfies ExportedHandler<SlowEnv>
