/**
 * The form in which emails are compared: NFKC and Unicode case folding, so that `JOSÉ@exämple.de` is `josé@exämple.de`.
 * JavaScript has no case folding of its own. Characters are turned into small, capital and small letters again one by one,
 * so that ß is ss, and a final sigma a sigma.
 */
export function foldEmail(email: string): string {
  return Array.from(email.normalize('NFKC'), foldCharacter).join('').normalize('NFKC')
}

/** The dotless ı is a letter of its own: its capital is that of i. */
const foldCharacter = (character: string) =>
  character === 'ı'
    ? character
    : Array.from(character.toLowerCase().toUpperCase(), (letter) => letter.toLowerCase()).join('')
