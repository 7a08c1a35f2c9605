/** `/console`: the service, whether it runs, and how it is set up. */
import { Form } from '../../parts/form.tsx'
import { Time } from '../../parts/shapes.tsx'
import { Confirm, ConsoleFrame, type ConsoleProps } from './frame.tsx'

export type ServiceProps = ConsoleProps & {
  state: 'running' | 'stopped'
  stoppedAt: string
  migration: string
  settings: { name: string; value: string }[]
}

export function ServicePage({ state, stoppedAt, migration, settings, ...frame }: ServiceProps) {
  return (
    <ConsoleFrame path="/console" title="Service" {...frame}>
      <section class="plate wide">
        {state === 'running' ? (
          <>
            <h2 class="good">Running</h2>
            <Confirm
              label="Stop the service…"
              loses="Players and programs get 503 until it is started again; jobs wait. Nothing is deleted. An alert is sent."
            >
              <Form action="/console/stop" token={frame.token} class="inline">
                <button type="submit" class="danger">
                  Stop it
                </button>
              </Form>
            </Confirm>
          </>
        ) : (
          <>
            <h2 class="bad">Stopped</h2>
            <p>
              Since <Time iso={stoppedAt} />. Only the console and <code>admin</code> keys get through.
            </p>
            <Form action="/console/start" token={frame.token} class="inline">
              <button type="submit">Start it</button>
            </Form>
          </>
        )}
      </section>
      <h2>How it is set up</h2>
      <table>
        <tbody>
          <tr>
            <th scope="row">Newest migration</th>
            <td>{migration}</td>
          </tr>
          {settings.map(({ name, value }) => (
            <tr>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ConsoleFrame>
  )
}
