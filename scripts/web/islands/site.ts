/** Everything that a page gains by script. Each piece looks for its own mark and does nothing without it. */
import { makeCopyable } from './copy.ts'
import { keepLive } from './live.ts'
import { offerNames } from './search.ts'
import { localiseTimes } from './times.ts'

localiseTimes(document)
makeCopyable(document)
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-search]')) offerNames(form)
const live = document.querySelector<HTMLElement>('[data-live]')
if (live) keepLive(live)
