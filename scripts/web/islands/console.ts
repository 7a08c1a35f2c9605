/** A form with a file: a progress bar while it is sent, then the page that comes back. Without script the browser does it. */
const form = document.querySelector<HTMLFormElement>('form[data-upload]')

form?.addEventListener('submit', (event) => {
  event.preventDefault()
  const bar = document.createElement('progress')
  bar.max = 1
  bar.setAttribute('aria-label', 'Upload')
  form.append(bar)
  const request = new XMLHttpRequest()
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    bar.value = total === 0 ? 0 : loaded / total
  })
  request.addEventListener('load', () => {
    const page = new DOMParser().parseFromString(request.responseText, 'text/html')
    const main = page.querySelector('main')
    if (main) document.querySelector('main')?.replaceWith(main)
    main?.focus()
  })
  request.addEventListener('error', () => bar.remove())
  request.open('POST', form.action)
  request.send(new FormData(form))
})

export {}
