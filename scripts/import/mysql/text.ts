/** A dump's text, read chunk by chunk, so that a file of any size takes the same memory. Bytes, one character each (latin1). */

/** A longer text is read to its end, but only its first characters are returned. */
export const MAX_TEXT = 100_000

/** One match of a pattern is at most this long, as `{0,4096}` in the pattern says. Twice as much is always buffered. */
const MAX_MATCH = 4096

export class SqlText {
  readonly #chunks: Iterator<string>
  #buffer = ''
  /** The position in the buffer. */
  #at = 0
  /** Line breaks in what was dropped from the buffer. */
  #droppedLines = 0
  #isAtEnd = false

  constructor(chunks: Iterable<string>) {
    this.#chunks = chunks[Symbol.iterator]()
    this.#fill()
    if (this.#buffer.startsWith('\xef\xbb\xbf')) this.#at = 3
  }

  /** The number of the current line, from 1. */
  get line(): number {
    return this.#droppedLines + countLineBreaks(this.#buffer, this.#at) + 1
  }

  /** The next characters: fewer at the end of the file. */
  ahead(length: number): string {
    return this.#buffer.slice(this.#at, this.#at + length)
  }

  startsWith(text: string): boolean {
    return this.#buffer.startsWith(text, this.#at)
  }

  skip(length: number): void {
    this.#at += length
  }

  /** @param pattern sticky, with at most MAX_MATCH characters @returns '' where it does not match */
  match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const [text = ''] = pattern.exec(this.#buffer) ?? []
    this.#at += text.length
    return text
  }

  /** Repeats a pattern for as long as it matches. What is beyond MAX_TEXT is read and dropped. */
  matchAll(pattern: RegExp): string {
    let text = ''
    for (;;) {
      this.#fill()
      const piece = this.match(pattern)
      if (text.length < MAX_TEXT) text += piece
      if (piece.length < MAX_MATCH) {
        this.#fill()
        return text
      }
    }
  }

  #fill(): void {
    while (!this.#isAtEnd && this.#buffer.length - this.#at < 2 * MAX_MATCH) {
      const { value, done } = this.#chunks.next()
      if (done) this.#isAtEnd = true
      else {
        this.#droppedLines += countLineBreaks(this.#buffer, this.#at)
        this.#buffer = this.#buffer.slice(this.#at) + value
        this.#at = 0
      }
    }
  }
}

function countLineBreaks(text: string, end: number): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count++
  return count
}
