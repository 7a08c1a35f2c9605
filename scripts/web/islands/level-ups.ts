/** What rose between two states of a page: the plate flashes, and a status line says it. */
export type Levels = Map<string, number>

const BANNER_FOR = 8000

const nameOf = ({ dataset }: HTMLElement) => `${dataset.player}\n${dataset.stat}`

const plates = (root: HTMLElement) => [...root.querySelectorAll<HTMLElement>('[data-level]')]

export const levelsIn = (root: HTMLElement): Levels =>
  new Map(plates(root).map((plate) => [nameOf(plate), Number(plate.dataset.level)]))

export function showLevelUps(root: HTMLElement, before: Levels): void {
  const risen = plates(root).filter((plate) => Number(plate.dataset.level) > (before.get(nameOf(plate)) ?? Infinity))
  for (const plate of risen) plate.classList.add('level-up')
  if (risen.length === 0) return
  const news = risen.map(({ dataset }) => `${dataset.player} reached level ${dataset.level} in ${dataset.stat}`)
  const status = document.querySelector<HTMLElement>('[data-news]')
  if (!status) return
  status.textContent = news.join('. ')
  if (!status.classList.contains('banner')) return
  status.hidden = false
  setTimeout(() => {
    if (status.textContent === news.join('. ')) status.hidden = true
  }, BANNER_FOR)
}
