/** What a job can do. An action is one file in this folder, and its line in `../actions.ts`. */
import type * as z from 'zod'
import type { Deps } from '../../deps.ts'

export type Run<Payload> = {
  payload: Payload
  /** The job's. */
  id: string
  /** The same in every slice and retry of one run: what is done under it must be done only once. */
  runId: string
  /** What the previous slice returned; undefined in the first. */
  cursor: string | undefined
}

/** The result of one slice of a run. An empty outcome: there was nothing to do. */
export type Step = {
  outcome: string
  /** There is more to do, from here. */
  cursor?: string | undefined
  /** The run is over and found this wrong. It alerts like a failure, but a retry would change nothing. */
  fault?: string | undefined
}

export type Action<Payload = unknown> = {
  name: string
  payload: z.ZodType<Payload>
  /** Rules that depend on the configuration. @throws AppError invalid_request, with paths that begin with `payload.` */
  check?(deps: Pick<Deps, 'config'>, payload: Payload): void
  /**
   * One slice of bounded work, a few seconds at most. If it is cut off, it is repeated with the same cursor.
   * @throws AppError whose message the operator may read; of any other error only its name is shown.
   */
  run(deps: Deps, run: Run<Payload>): Promise<Step>
}

/** The payload of an action that takes none is empty. */
export type SystemAction = Omit<Action, 'payload' | 'check'>
