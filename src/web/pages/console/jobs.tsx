/** `/console/jobs`: background jobs. */
import { ACTIONS } from '../../../jobs/actions.ts'
import { Field, Form } from '../../parts/form.tsx'
import { Time } from '../../parts/shapes.tsx'
import { Confirm, ConsoleFrame, type ConsoleProps } from './frame.tsx'

type Job = {
  id: string
  action: string
  schedule: string
  payload: unknown
  enabled: boolean
  system: boolean
  running: boolean
  nextRunAt: string
  lastRunAt: string
  lastOutcome: string
  lastError: string
}

export function JobsPage({
  jobs,
  values = {},
  ...frame
}: ConsoleProps & { jobs: Job[]; values?: Record<string, string> }) {
  const { token, fault } = frame
  return (
    <ConsoleFrame path="/console/jobs" title="Jobs" {...frame}>
      <ul class="list">
        {jobs.map((job) => (
          <li class="plate">
            <h2>{job.id}</h2>
            <p>
              {job.action}, {job.schedule}
              {job.system ? <span class="soft"> · the service needs it</span> : null}
              {job.enabled ? null : <strong class="bad"> · paused</strong>}
            </p>
            <p class="soft small">
              Last run: <Time iso={job.lastRunAt} />
              {job.lastOutcome ? `, ${job.lastOutcome}` : ''}. Next run: <Time iso={job.nextRunAt} />.
              {job.lastError ? <span class="bad"> {job.lastError}</span> : null}
            </p>
            <Form action="/console/jobs/run" token={token} class="inline" hidden={{ id: job.id }}>
              <button type="submit" class="quiet">
                Run now<span class="hidden"> {job.id}</span>
              </button>
            </Form>{' '}
            {job.system ? null : <OwnJob job={job} token={token} />}
          </li>
        ))}
      </ul>
      <h2>Add a job, or change one</h2>
      <Form action="/console/jobs" token={token}>
        <Field name="id" label="Name" value={values.id} placeholder="daily-gift" fault={fault} required />
        <div>
          <label for="action">What it does</label>
          <select id="action" name="action">
            {ACTIONS.map(({ name }) => (
              <option selected={name === values.action}>{name}</option>
            ))}
          </select>
        </div>
        <Field
          name="schedule"
          label="When"
          value={values.schedule}
          hint="every 10m, or a cron line with a time zone: 0 9 * * 1 Europe/Berlin"
          fault={fault}
          required
        />
        <div>
          <label for="payload">Settings, as JSON</label>
          <textarea id="payload" name="payload">
            {values.payload ?? '{}'}
          </textarea>
        </div>
        <button type="submit">Save</button>
      </Form>
    </ConsoleFrame>
  )
}

function OwnJob({ job, token }: { job: Job; token: string }) {
  const { id, action, schedule, enabled } = job
  const settings = { id, action, schedule, payload: JSON.stringify(job.payload), enabled: enabled ? 'no' : 'yes' }
  return (
    <>
      <Form action="/console/jobs" token={token} class="inline" hidden={settings}>
        <button type="submit" class="quiet">
          {enabled ? 'Pause' : 'Resume'}
          <span class="hidden"> {id}</span>
        </button>
      </Form>
      <Confirm label="Remove…" loses="The job and when it last ran are gone. What it has done stays.">
        <Form action="/console/jobs/remove" token={token} class="inline" hidden={{ id }}>
          <button type="submit" class="danger">
            Remove<span class="hidden"> {id}</span>
          </button>
        </Form>
      </Confirm>
    </>
  )
}
