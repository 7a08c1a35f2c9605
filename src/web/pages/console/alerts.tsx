/** `/console/alerts`: where alerts go, and what became of them. */
import { EVENTS } from '../../../alerts/events.ts'
import { Copyable, Field, Form } from '../../parts/form.tsx'
import { Scroll, Time } from '../../parts/shapes.tsx'
import { Confirm, ConsoleFrame, type ConsoleProps } from './frame.tsx'

type Webhook = { id: string; url: string; format: string; events: readonly string[]; enabled: boolean }
type Delivery = { id: string; event: string; status: string; attempts: number; lastError: string; createdAt: string }

export type AlertsProps = ConsoleProps & {
  webhooks: Webhook[]
  deliveries: Delivery[]
  /** The signing secret of an endpoint that was just added. */
  secret?: string | undefined
  values?: Record<string, string>
}

export function AlertsPage({ webhooks, deliveries, secret, values = {}, ...frame }: AlertsProps) {
  const { token, fault } = frame
  return (
    <ConsoleFrame path="/console/alerts" title="Alerts" {...frame}>
      {secret ? (
        <section class="note">
          <Copyable id="secret" text={secret} label="The signing secret of the new endpoint. It is shown this once." />
        </section>
      ) : null}
      {webhooks.length === 0 ? <p>Alerts go nowhere yet.</p> : null}
      <ul class="list">
        {webhooks.map(({ id, url, format, events, enabled }) => (
          <li class="plate">
            <p>
              <strong>{url}</strong>{' '}
              <span class="soft small">
                {format}
                {enabled ? '' : ', disabled'}
              </span>
            </p>
            <p class="soft small">{events.join(', ')}</p>
            <Form action="/console/alerts/test" token={token} class="inline" hidden={{ id }}>
              <button type="submit" class="quiet">
                Send a test<span class="hidden"> to {url}</span>
              </button>
            </Form>
            <Confirm
              label="Remove…"
              loses="The endpoint, its signing secret and the list of what was sent to it are gone."
            >
              <Form action="/console/alerts/remove" token={token} class="inline" hidden={{ id }}>
                <button type="submit" class="danger">
                  Remove<span class="hidden"> {url}</span>
                </button>
              </Form>
            </Confirm>
          </li>
        ))}
      </ul>
      <h2>Add an endpoint</h2>
      <Form action="/console/alerts" token={token}>
        <Field name="url" label="Address; Discord's works too" type="url" value={values.url} fault={fault} required />
        <fieldset>
          <legend>Events</legend>
          {EVENTS.map((event) => (
            <label class="choice">
              <input type="checkbox" name="events" value={event} checked /> {event}
            </label>
          ))}
        </fieldset>
        <button type="submit">Add</button>
      </Form>
      <h2>What was sent</h2>
      {deliveries.length === 0 ? <p>Nothing yet.</p> : <Deliveries deliveries={deliveries} token={token} />}
    </ConsoleFrame>
  )
}

function Deliveries({ deliveries, token }: { deliveries: Delivery[]; token: string }) {
  return (
    <Scroll label="Deliveries">
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Event</th>
            <th scope="col">Outcome</th>
            <th scope="col">Action</th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map(({ id, event, status, attempts, lastError, createdAt }) => (
            <tr>
              <td>
                <Time iso={createdAt} />
              </td>
              <td>{event}</td>
              <td>
                <span class={status === 'dead' ? 'bad' : status === 'delivered' ? 'good' : undefined}>{status}</span>
                <span class="soft small">
                  {' '}
                  {attempts} {attempts === 1 ? 'attempt' : 'attempts'} {lastError}
                </span>
              </td>
              <td>
                <Form action="/console/alerts/replay" token={token} class="inline" hidden={{ id }}>
                  <button type="submit" class="quiet">
                    Send again<span class="hidden"> {id}</span>
                  </button>
                </Form>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
