/** The generated calls, and what the named ones make of an answer. */
import type { Client } from 'openapi-fetch'
import type { components, paths } from './api.gen.ts'
import { StatkeepError } from './errors.ts'

export type Api = Client<paths>
export type Schemas = components['schemas']
/** A user name, a user id, or `me`. */
export type UserRef = string | number

export type CallOptions = {
  /** Ends the call at once, whatever it waits for. */
  signal?: AbortSignal | undefined
  /** Yours, to repeat a write after a crash. Otherwise each write gets its own. */
  idempotencyKey?: string | undefined
}
export type PageOptions = { limit?: number | undefined; cursor?: string | undefined }

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
type Described<Path extends keyof paths, M extends Method> = paths[Path][Lowercase<M>]
type Json<T> = { content: { 'application/json': T } }

/** The body that a call takes, exactly: an unknown field is a type error. */
export type BodyOf<Path extends keyof paths, M extends Method> =
  Described<Path, M> extends { requestBody?: Json<infer Body> } ? Body : never
type AnswerOf<Path extends keyof paths, M extends Method> =
  Described<Path, M> extends { responses: { 200: Json<infer Answer> } | { 201: Json<infer Answer> } }
    ? Answer
    : undefined
type PartsOf<Path extends keyof paths, M extends Method> =
  Described<Path, M> extends { parameters: { path?: infer InPath; query?: infer Query } }
    ? {
        path?: { [Name in keyof InPath]: UserRef }
        query?: Query
        body?: BodyOf<Path, M>
        headers?: Record<string, string>
      }
    : never

type Answered = { data?: unknown; error?: unknown; response: Response }

/** Makes a call. @throws a StatkeepError for any answer that is not a 2xx. */
export function createCall(api: Api) {
  const request = api.request as (method: Method, path: string, init: object) => Promise<Answered>
  return async <Path extends keyof paths, M extends Method>(
    method: M,
    path: Path,
    { signal, idempotencyKey }: CallOptions = {},
    { body, headers, ...params }: PartsOf<Path, M> | Record<string, never> = {},
    seen?: (headers: Headers) => void,
  ): Promise<AnswerOf<Path, M>> => {
    const { data, error, response } = await request(method, path, {
      params,
      body,
      signal,
      headers: { ...headers, ...(idempotencyKey && { 'idempotency-key': idempotencyKey }) },
    })
    if (!response.ok) throw new StatkeepError(error as Schemas['Problem'], response.status, response.headers)
    seen?.(response.headers)
    return data as AnswerOf<Path, M>
  }
}
export type Call = ReturnType<typeof createCall>

/** Goes through all pages, one request at a time. */
export async function* each<Page extends { nextCursor: string }, Item>(
  get: (cursor: string | undefined) => Promise<Page>,
  items: (page: Page) => Item[],
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | undefined
  do {
    const page = await get(cursor)
    yield* items(page)
    cursor = page.nextCursor
  } while (cursor)
}
