/** Passes over what is made of code: procedures, functions, triggers and events, with or without a DELIMITER. */
import { cutOff, type Token, type Tokens } from './sql-tokens.ts'

/**
 * Passes to the end of a statement whose body may have statements of its own. Where the delimiter is `;`, the end is the one
 * that stands outside of BEGIN … END and its like. Should that be misjudged, an END is left over, and the file is refused.
 */
export function skipCode(tokens: Tokens, inside: string[] = []): void {
  const line = tokens.line
  const open = [...inside]
  let elseif = false
  let before: Token = { kind: 'sign', text: '' }
  for (;;) {
    const token = tokens.next()
    if (!token) throw cutOff(`the code that begins in line ${line} does not end`)
    // In its own delimiter it ends there, whatever is open.
    if (token.kind === 'end' && (open.length === 0 || tokens.delimiter !== ';')) return
    // A column or a variable of that name is no word of the language.
    if (token.kind === 'word' && !(before.kind === 'sign' && /^[.@]$/.test(before.text))) {
      const word = token.text.toUpperCase()
      const ends = before.kind === 'word' && before.text.toUpperCase() === 'END'
      const top = open.at(-1)
      if (ends && word === top) open.pop()
      else if (ends && /^(IF|LOOP|WHILE|REPEAT|FOR|CASE)$/.test(word)) {
        // Of one that was not counted, within a CASE.
      } else if (word === 'BEGIN' || word === 'CASE' || word === 'LOOP' || word === 'WHILE') open.push(word)
      else if (word === 'REPEAT' && tokens.peek()?.text !== '(') open.push(word)
      else if (word === 'ELSEIF') elseif = true
      else if (word === 'THEN') {
        if (!elseif && top !== 'CASE') open.push('IF')
        elseif = false
      } else if (word === 'END' && (top === 'BEGIN' || top === 'CASE') && !isWordOfLoop(tokens.peek(), top)) open.pop()
    }
    before = token
  }
}

/** END IF and the like close another thing than BEGIN or the expression CASE. */
const isWordOfLoop = (next: Token | undefined, top: string) =>
  next?.kind === 'word' &&
  (/^(IF|LOOP|WHILE|REPEAT|FOR)$/i.test(next.text) || (top === 'CASE' && /^CASE$/i.test(next.text)))
