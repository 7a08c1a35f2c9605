/** The overlay builder: the address and the preview follow each change of the form. */
const form = document.querySelector<HTMLFormElement>('form[data-builder]')
const address = document.querySelector<HTMLInputElement>('#overlay-url')
const frame = document.querySelector<HTMLIFrameElement>('iframe.preview')

form?.addEventListener('change', () => {
  const query = new URLSearchParams()
  for (const [name, value] of new FormData(form))
    if (typeof value === 'string' && value !== '') query.append(name, value)
  fetch(`/overlay?${query}`, { headers: { Accept: 'text/html' } })
    .then((response) => response.text())
    .then((html) => {
      const page = new DOMParser().parseFromString(html, 'text/html')
      const built = page.querySelector<HTMLInputElement>('#overlay-url')?.value
      if (!built || !address || !frame) return
      address.value = built
      if (frame.src !== built) frame.src = built
    })
    .catch(() => undefined)
})

export {}
