/** Names as one types: a list of links below the field, which Tab and the arrow keys reach. */
const WAIT = 150
const NAMES = 8

export function offerNames(form: HTMLFormElement): void {
  const input = form.querySelector('input')
  if (!input) return
  const list = document.createElement('ul')
  list.className = 'found'
  list.hidden = true
  input.parentElement?.append(list)
  const status = document.createElement('span')
  status.className = 'hidden'
  status.setAttribute('role', 'status')
  form.append(status)

  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = ''
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(look, WAIT)
  })
  form.addEventListener('keydown', (event) => {
    const links = [...list.querySelectorAll('a')]
    if (event.key === 'Escape') close()
    if ((event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || list.hidden) return
    event.preventDefault()
    const at = links.indexOf(document.activeElement as HTMLAnchorElement) + (event.key === 'ArrowDown' ? 1 : -1)
    const next = links[at]
    if (next) next.focus()
    else input.focus()
  })
  form.addEventListener('focusout', ({ relatedTarget }) => {
    if (!form.contains(relatedTarget as Node | null)) close()
  })

  async function look() {
    asked = input?.value.trim() ?? ''
    if (!/^[\w.-]{1,32}$/.test(asked)) return close()
    const mine = asked
    const response = await fetch(`/api/users?limit=${NAMES}&prefix=${encodeURIComponent(mine)}`).catch(() => undefined)
    if (!response?.ok || mine !== asked) return
    const { users } = (await response.json()) as { users: string[] }
    list.replaceChildren(...users.map(entry))
    list.hidden = users.length === 0
    status.textContent = users.length === 0 ? 'No player found' : `${users.length} players found`
  }

  function close() {
    asked = ''
    list.hidden = true
  }
}

function entry(name: string): HTMLElement {
  const item = document.createElement('li')
  const link = document.createElement('a')
  link.href = `/players/${encodeURIComponent(name)}`
  link.textContent = name
  item.append(link)
  return item
}
