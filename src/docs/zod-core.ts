/**
 * What hono-openapi needs of `zod/v4/core`, and no more: wrangler.toml's alias puts this in its place, because a dynamic
 * import of the whole package makes the Worker twice as large.
 */
export { toJSONSchema } from 'zod'
