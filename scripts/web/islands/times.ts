/** Times in the reader's own zone: the server writes UTC. */
export function localiseTimes(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLTimeElement>('time[data-local]')) {
    const time = new Date(element.dateTime)
    const style: Intl.DateTimeFormatOptions =
      element.dataset.local === 'date' ? { dateStyle: 'medium' } : { dateStyle: 'medium', timeStyle: 'short' }
    element.textContent = time.toLocaleString(undefined, style)
    element.title = time.toISOString()
  }
}
