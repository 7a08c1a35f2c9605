/** A metered route whose answer the test chooses. */
import { Hono } from 'hono'
import type { AppEnv } from '../../src/http/context.ts'
import { errorResponse } from '../../src/http/error-response.ts'
import { metered } from '../../src/metering/metered.ts'
import { paying } from '../../src/metering/payer.ts'
import type { Service } from './service.ts'

export function answering({ deps }: Pick<Service, 'deps'>, answer: () => Response) {
  const app = new Hono<AppEnv>()
  app.use(async (c, next) => {
    c.set('deps', deps())
    await next()
  })
  app.onError(errorResponse)
  app.get('/x', paying(['metered:read']), metered('banks_data.read'), answer)
  return app
}
