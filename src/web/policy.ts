/** The headers of every page: nothing from another host, nothing inline, no frame but around an overlay. */
import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { AppEnv } from '../http/context.ts'

const policy = (frames: "'none'" | '*') =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      fontSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      frameSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: [frames],
    },
    xFrameOptions: frames === '*' ? false : 'DENY',
    crossOriginResourcePolicy: false, // chats and search engines show the preview image
    referrerPolicy: 'same-origin',
    strictTransportSecurity: false, // it would bind the operator's whole domain
  })

export const pagePolicy: MiddlewareHandler<AppEnv> = policy("'none'")
export const overlayPolicy: MiddlewareHandler<AppEnv> = policy('*')

/** For pages of one person: nobody keeps them, and no other origin reads them. */
export const personal: MiddlewareHandler<AppEnv> = async (c, next) => {
  c.set('isPersonal', true)
  await next()
  c.res.headers.set('Cache-Control', 'no-store')
}
