import { Hono, type MiddlewareHandler } from 'hono'
import { scoped } from '../access/authenticated.ts'
import type { Operation } from '../credits/prices.ts'
import type { AppEnv } from '../http/context.ts'
import { answers } from '../http/described.ts'
import { MAX_LARGE_BODY_KIB } from '../http/received.ts'
import { validated } from '../http/validated.ts'
import { metered } from '../metering/metered.ts'
import { paying } from '../metering/payer.ts'
import { Datasets, Entry, EntryData, EntryPath } from './datasets.schema.ts'
import { readEntry, removeEntry, type StoredEntry, showDatasets, writeEntry } from './datasets.ts'

const tag = 'Metered data'

declare module 'hono' {
  interface ContextVariableMap {
    /** Set by `existing`. */
    entry: StoredEntry
  }
}

/** Reads the entry before anything is charged: what does not exist costs nothing. */
const existing: MiddlewareHandler<AppEnv, '/:dataset/:key'> = async (c, next) => {
  c.set('entry', await readEntry(c.var.deps, c.req.param('dataset'), c.req.param('key')))
  await next()
}

const readOf = (dataset: string | undefined): Operation => `${dataset}.read`

/** /api/v1.0 */
export const meteredDataRoutes = new Hono<AppEnv>().get(
  '/:dataset/:key',
  answers(tag, 'Buys one entry, at its price', { 200: Entry }, 'not_found'),
  validated('param', EntryPath),
  paying(['metered:read'], { named: true }),
  existing,
  metered(
    (c) => readOf(c.req.param('dataset')),
    (c) => c.var.entry.version,
  ),
  (c) => c.json({ ...c.req.valid('param'), data: c.var.entry.data }),
)

/** /api/datasets */
export const datasetRoutes = new Hono<AppEnv>()
  .get('/', answers(tag, 'Lists the datasets', { 200: Datasets }), scoped('admin'), async (c) =>
    c.json({ datasets: await showDatasets(c.var.deps) }),
  )
  .put(
    '/:dataset/:key',
    answers(tag, 'Fills an entry', { 200: Entry, 201: Entry }),
    validated('param', EntryPath),
    scoped('admin'),
    validated('json', EntryData, { maxKib: MAX_LARGE_BODY_KIB, freeJson: true }),
    async (c) => {
      const { dataset, key } = c.req.valid('param')
      const { data } = c.req.valid('json')
      const created = await writeEntry(c.var.deps, dataset, key, data)
      return c.json({ dataset, key, data }, created ? 201 : 200)
    },
  )
  .delete(
    '/:dataset/:key',
    answers(tag, 'Removes an entry', { 204: 'Removed' }, 'not_found'),
    validated('param', EntryPath),
    scoped('admin'),
    async (c) => {
      const { dataset, key } = c.req.valid('param')
      await removeEntry(c.var.deps, dataset, key)
      return c.body(null, 204)
    },
  )
