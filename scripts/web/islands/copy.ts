/** Copy buttons: `data-copy` is the text, or `data-copy-from` the id of the element that has it. */
const SHOWN_FOR = 2000

export function makeCopyable(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>('button[data-copy], button[data-copy-from]')) {
    button.hidden = false
    const label = button.textContent ?? ''
    button.addEventListener('click', async () => {
      button.textContent = (await copy(textOf(button))) ? 'Copied' : 'Press Ctrl+C'
      setTimeout(() => {
        button.textContent = label
      }, SHOWN_FOR)
    })
  }
}

function textOf({ dataset }: HTMLElement): string {
  const source = dataset.copyFrom ? document.getElementById(dataset.copyFrom) : null
  if (source instanceof HTMLInputElement) return source.value
  return source?.textContent ?? dataset.copy ?? ''
}

/** Plain http has no clipboard API; a selected text and the old command work there. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    document.body.append(area)
    area.select()
    const copied = document.execCommand('copy')
    area.remove()
    return copied
  }
}
