/** /console/datasets: what can be bought: looking through it, one entry, a whole file. */
import { Hono } from 'hono'
import { EntryPath } from '../datasets/datasets.schema.ts'
import { removeEntry, showDatasets, showEntries, writeEntries, writeEntry } from '../datasets/datasets.ts'
import { AppError } from '../errors.ts'
import type { AppEnv, Ctx } from '../http/context.ts'
import { checked, readJson } from './checked.ts'
import { consoleFrame, doing, type Shown, statusOf } from './console-forms.ts'
import { DatasetPage, DatasetsPage } from './pages/console/datasets.tsx'
import { number } from './parts/shapes.tsx'
import { sendPage } from './public.routes.tsx'
import { readUpload } from './upload.ts'

export const UPLOAD_PATH = '/console/datasets/upload'

/** Characters of JSON that one statement takes: D1 allows a value two megabytes. */
const UPLOAD_SLICE = 400_000

const ENTRIES = 50

export const consoleDatasets = new Hono<AppEnv>()
  .get('/', (c) => datasetsPage(c))
  .post('/', (c) =>
    doing(c, datasetsPage, async ({ data = '', ...fields }) => {
      const { dataset, key } = checked(EntryPath, { dataset: fields.dataset, key: fields.key })
      const created = await writeEntry(c.var.deps, dataset, key, readJson('data', data))
      return { done: created ? `${key} is new in ${dataset}.` : `${key} is replaced in ${dataset}.` }
    }),
  )
  .post('/upload', (c) =>
    doing(c, datasetsPage, async ({ dataset = '', file = '', keyColumn = '' }) => {
      const entries = readUpload(file, keyColumn)
      for (const { key } of entries) checked(EntryPath, { dataset, key })
      for (const slice of slicesOf(entries)) await writeEntries(c.var.deps, dataset, slice)
      return { done: `${number(entries.length)} ${entries.length === 1 ? 'entry is' : 'entries are'} in ${dataset}.` }
    }),
  )
  .get('/:dataset', (c) => datasetPage(c))
  .post('/:dataset/remove', (c) =>
    doing(c, datasetPage, async ({ key = '' }) => {
      await removeEntry(c.var.deps, c.req.param('dataset'), key)
      return { done: `${key} is removed.` }
    }),
  )

function* slicesOf<Entry>(entries: Entry[]): Generator<Entry[]> {
  let slice: Entry[] = []
  for (const entry of entries) {
    slice.push(entry)
    if (slice.length % 100 !== 0 || JSON.stringify(slice).length <= UPLOAD_SLICE) continue
    yield slice
    slice = []
  }
  if (slice.length > 0) yield slice
}

async function datasetsPage(c: Ctx, shown: Shown = {}) {
  const page = { ...(await consoleFrame(c, shown)), datasets: await showDatasets(c.var.deps) }
  return sendPage(c, <DatasetsPage {...page} />, statusOf(shown))
}

/** A page of one dataset, from the key `?from` on. */
async function datasetPage(c: Ctx, shown: Shown = {}) {
  const dataset = c.req.param('dataset') ?? ''
  const from = c.req.query('from') ?? ''
  const { entries, next } = await showEntries(c.var.deps, dataset, { from, limit: ENTRIES })
  if (entries.length === 0 && from === '' && !shown.done) throw new AppError('not_found', 'There is no such dataset.')
  const page = { ...(await consoleFrame(c, shown)), dataset, entries, from, next }
  return sendPage(c, <DatasetPage {...page} />, statusOf(shown))
}
