/** `/console/datasets`: what can be bought. */
import { FORM_FIELD } from '../../forms.ts'
import { Field, Form } from '../../parts/form.tsx'
import { number, Time } from '../../parts/shapes.tsx'
import { ConsoleFrame, type ConsoleProps } from './frame.tsx'

type DatasetsProps = ConsoleProps & {
  datasets: { dataset: string; entries: number; updatedAt: string }[]
  values?: Record<string, string>
}

export function DatasetsPage({ datasets, values = {}, ...frame }: DatasetsProps) {
  const { token, fault } = frame
  return (
    <ConsoleFrame path="/console/datasets" title="Datasets" {...frame}>
      {datasets.length === 0 ? (
        <p>There is nothing to buy yet.</p>
      ) : (
        <table>
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
                <th scope="row">{dataset}</th>
                <td class="number">{number(entries)}</td>
                <td>
                  <Time iso={updatedAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
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
      <h2>Put one entry</h2>
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
      <script src="/assets/console.js" defer />
    </ConsoleFrame>
  )
}
