/** The type of a job's action. An action is one file in this folder, and a line in `../actions.ts`. */
import type * as z from 'zod'
import type { Deps } from '../../deps.ts'

export type Run<Payload> = {
  payload: Payload
  /** The job's id. */
  id: string
  /** The same in every slice and retry of one run, so that an action can avoid doing something twice. */
  runId: string
  /** What the previous slice returned; undefined in the first. */
  cursor: string | undefined
}

/** The result of one slice of a run. An empty outcome: there was nothing to do. */
export type Step = {
  outcome: string
  /** Where the next slice continues. undefined at the end of the run. */
  cursor?: string | undefined
  /** What the finished run found wrong. It alerts like a failure, but is not retried. */
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

/** An action of the service itself, without a payload. */
export type SystemAction = Omit<Action, 'payload' | 'check'>
