/** `/console/datasets`: what can be bought, and `/console/datasets/{dataset}`: what is in one. */
import { type Fields, FORM_FIELD } from '../../forms.ts'
import { Confirm, Field, Form } from '../../parts/form.tsx'
import { number, Scroll, Time } from '../../parts/shapes.tsx'
import { ConsoleFrame, type ConsoleProps } from './frame.tsx'

type DatasetsProps = ConsoleProps & {
  datasets: { dataset: string; entries: number; updatedAt: string }[]
  values?: Fields
}

export function DatasetsPage({ datasets, values = {}, ...frame }: DatasetsProps) {
  const { token, fault } = frame
  return (
    <ConsoleFrame path="/console/datasets" title="Datasets" {...frame}>
      {datasets.length === 0 ? (
        <p>There is nothing to buy yet.</p>
      ) : (
        <table class="narrow">
          <thead>
            <tr>
              <th scope="col">Dataset</th>
              <th scope="col" class="number">
                Entries
              </th>
              <th scope="col">Changed</th>
            </tr>
          </thead>
          <tbody>
            {datasets.map(({ dataset, entries, updatedAt }) => (
              <tr>
                <th scope="row">
                  <a href={`/console/datasets/${dataset}`}>{dataset}</a>
                </th>
                <td class="number">{number(entries)}</td>
                <td>
                  <Time iso={updatedAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div class="columns even">
        <section>
          <h2>Fill from a file</h2>
          <form method="post" action="/console/datasets/upload" enctype="multipart/form-data" class="stack" data-upload>
            <input type="hidden" name={FORM_FIELD} value={token} />
            <Field name="dataset" id="upload-dataset" label="Dataset" value={values.dataset} fault={fault} required />
            <Field
              name="file"
              label="CSV with a line of names at its top, or JSON; up to 4 MiB"
              type="file"
              hint="Entries of the same key are replaced, the others stay. Readers may see old ones for an hour."
              fault={fault}
              required
            />
            <Field name="keyColumn" label="Column with the key; the first one if empty" value={values.keyColumn} />
            <button type="submit">Upload</button>
          </form>
        </section>
        <section>
          <h2>Put one entry</h2>
          <EntryForm {...frame} values={values} />
        </section>
      </div>
      <script src="/assets/console.js" defer />
    </ConsoleFrame>
  )
}

function EntryForm({ token, fault, values }: Pick<ConsoleProps, 'token' | 'fault'> & { values: Fields }) {
  return (
    <Form action="/console/datasets" token={token}>
      <Field name="dataset" label="Dataset" value={values.dataset} fault={fault} required />
      <Field name="key" label="Key" value={values.key} fault={fault} required />
      <div>
        <label for="data">Data, as JSON</label>
        <textarea id="data" name="data">
          {values.data ?? ''}
        </textarea>
      </div>
      <button type="submit">Put</button>
    </Form>
  )
}

type DatasetProps = ConsoleProps & {
  dataset: string
  /** The data is JSON text. */
  entries: { key: string; data: string; updatedAt: string }[]
  from: string
  next: string | undefined
}

export function DatasetPage({ dataset, entries, from, next, ...frame }: DatasetProps) {
  const path = `/console/datasets/${dataset}`
  return (
    <ConsoleFrame path="/console/datasets" title={dataset} {...frame}>
      <form class="search find-me" action={path}>
        <label for="from">From this key on</label>
        <div class="field">
          <input id="from" name="from" value={from} maxlength={128} autocapitalize="none" spellcheck={false} />
          <button type="submit">Show</button>
        </div>
      </form>
      {entries.length === 0 ? (
        <p>There is nothing from here on.</p>
      ) : (
        <Scroll label="Entries">
          <table>
            <thead>
              <tr>
                <th scope="col">Key</th>
                <th scope="col">Data</th>
                <th scope="col">Changed</th>
                <th scope="col">Action</th>
              </tr>
            </thead>
            <tbody>
              {entries.map(({ key, data, updatedAt }) => (
                <tr>
                  <th scope="row">{key}</th>
                  <td>
                    <Data dataset={dataset} name={key} data={data} token={frame.token} />
                  </td>
                  <td>
                    <Time iso={updatedAt} />
                  </td>
                  <td>
                    <Confirm
                      label="Remove…"
                      about={key}
                      loses="The entry can no longer be bought. Nobody is paid back."
                    >
                      <Form action={`${path}/remove`} token={frame.token} class="inline" hidden={{ key }}>
                        <button type="submit" class="danger">
                          Remove<span class="hidden"> {key}</span>
                        </button>
                      </Form>
                    </Confirm>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      <nav class="pages" aria-label="Pages">
        <a href="/console/datasets">All datasets</a>
        {from === '' ? null : <a href={path}>From the first</a>}
        {next === undefined ? null : (
          <a rel="next" href={`${path}?from=${encodeURIComponent(next)}`}>
            Next page
          </a>
        )}
      </nav>
    </ConsoleFrame>
  )
}

/** Longer data is cut in the table, and cannot be edited there. */
const SHOWN_CHARACTERS = 2000

function Data({ dataset, name, data, token }: { dataset: string; name: string; data: string; token: string }) {
  const id = `data-${name}`
  if (data.length > SHOWN_CHARACTERS) return <code>{data.slice(0, 120)}…</code>
  return (
    <details>
      <summary>
        <code>{data.length > 60 ? `${data.slice(0, 60)}…` : data}</code>
        <span class="hidden"> of {name}</span>
      </summary>
      <Form action="/console/datasets" token={token} hidden={{ dataset, key: name }}>
        <div>
          <label for={id}>Data of {name}, as JSON</label>
          <textarea id={id} name="data">
            {data}
          </textarea>
        </div>
        <button type="submit">Replace</button>
      </Form>
    </details>
  )
}
