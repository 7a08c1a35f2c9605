/** Skips procedures, functions, triggers and events, with or without a DELIMITER. */
import { cutOff } from '../bad-file.ts'
import { isWord, type Token, type Tokens } from './tokens.ts'

/**
 * Skips a statement whose body may contain other statements. If the delimiter is `;`, the statement ends at the first one
 * outside all blocks (BEGIN … END, IF … END IF). If that goes wrong, an END is left over and the file is refused.
 * @param blocks those that have begun before
 */
export function skipCode(tokens: Tokens, blocks: string[] = []): void {
  const line = tokens.line
  const open = [...blocks]
  let elseif = false
  let before: Token = { kind: 'sign', text: '' }
  for (;;) {
    const token = tokens.next()
    if (!token) throw cutOff(`the code that begins in line ${line} does not end`)
    // A delimiter other than `;` always ends it.
    if (token.kind === 'end' && (open.length === 0 || tokens.delimiter !== ';')) return
    // Not a column or a variable with such a name.
    if (token.kind === 'word' && !(before.kind === 'sign' && /^[.@]$/.test(before.text))) {
      const word = token.text.toUpperCase()
      const ends = before.kind === 'word' && before.text.toUpperCase() === 'END'
      const top = open.at(-1)
      if (ends && word === top) open.pop()
      else if (ends && /^(IF|LOOP|WHILE|REPEAT|FOR|CASE)$/.test(word)) {
        // It closes a block that was not counted, within a CASE.
      } else if (word === 'BEGIN' || word === 'CASE' || word === 'LOOP' || word === 'WHILE') open.push(word)
      else if (word === 'REPEAT' && tokens.peek()?.text !== '(') open.push(word)
      else if (word === 'ELSEIF') elseif = true
      else if (word === 'THEN') {
        if (!elseif && top !== 'CASE') open.push('IF')
        elseif = false
      } else if (word === 'END' && (top === 'BEGIN' || top === 'CASE') && !closesOther(tokens.peek(), top)) open.pop()
    }
    before = token
  }
}

/** True if the word after END says that it closes another block than `top`, as in END IF. */
const closesOther = (next: Token | undefined, top: string) =>
  isWord(next, /^(IF|LOOP|WHILE|REPEAT|FOR)$/i) || (top === 'CASE' && isWord(next, /^CASE$/i))
