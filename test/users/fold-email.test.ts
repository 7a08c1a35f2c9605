import { expect, it } from 'vitest'
import { foldEmail } from '../../src/users/fold-email.ts'

it.each([
  ['JOSÉ@EXÄMPLE.de', 'josé@exämple.de'],
  ['STRASSE@x', 'straße@x'],
  ['ΟΔΟΣ@x', 'οδος@x'],
  ['ｆｕｌｌ@x', 'FULL@x'],
])('%s is %s', (one, other) => {
  expect(foldEmail(one)).toBe(foldEmail(other))
})

it('keeps apart what differs by more than case', () => {
  expect(foldEmail('jose@x')).not.toBe(foldEmail('josé@x'))
  expect(foldEmail('ı@x')).not.toBe(foldEmail('i@x'))
})
