/** A browser without script: cookies, forms, redirects that are looked at one by one. */
import type { Answer, Service } from './service.ts'

const ORIGIN = 'https://statkeep.test'

export function openBrowser({ call }: Pick<Service, 'call'>) {
  const cookies = new Map<string, { value: string; path: string }>()

  async function request(path: string, options: Parameters<typeof call>[1] = {}): Promise<Answer> {
    const sent = [...cookies].filter(([, cookie]) => path.startsWith(cookie.path))
    const cookie = sent.map(([name, { value }]) => `${name}=${value}`).join('; ')
    const headers = { Accept: 'text/html', ...(cookie ? { Cookie: cookie } : {}), ...options.headers }
    const answer = await call(path, { ...options, headers })
    for (const header of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? []
      const [, where = '/'] = /Path=([^;]+)/i.exec(header) ?? []
      if (/Max-Age=0/i.test(header)) cookies.delete(name)
      else cookies.set(name, { value, path: where })
    }
    return answer
  }

  const tokenOn = ({ text }: Answer) => /name="form" value="([^"]+)"/.exec(text)?.[1] ?? ''

  return {
    cookies,
    tokenOn,
    open: (path: string) => request(path),
    /** Loads `page` for its token and sends a form from there. */
    async send(page: string, action: string, fields: Record<string, string>): Promise<Answer> {
      return this.post(action, { ...fields, form: tokenOn(await request(page)) })
    },
    upload: (action: string, body: Uint8Array, contentType: string) =>
      request(action, { method: 'POST', body, headers: { 'Content-Type': contentType, Origin: ORIGIN } }),
    post: (action: string, fields: Record<string, string>, headers: Record<string, string> = { Origin: ORIGIN }) =>
      request(action, {
        method: 'POST',
        body: new URLSearchParams(fields).toString(),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      }),
  }
}
