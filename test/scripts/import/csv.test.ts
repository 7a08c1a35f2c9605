import { describe, expect, it } from 'vitest'
import { readCsv } from '../../../scripts/import/csv.ts'
import { kindOf } from '../../../scripts/import/file-kind.ts'

const WANTED = ['USERNAME', 'TOKEN', 'CREDIT']
const rows = async (text: string, path = 'a.csv') => {
  const kind = kindOf(text, path)
  return kind.kind === 'csv' ? (await readCsv([text], WANTED, kind)).rows : kind.kind
}

describe('a CSV file', () => {
  it.each([
    ['as RFC 4180 has it', 'USERNAME,TOKEN,CREDIT\r\na,"x, ""y""",5\r\n'],
    ['with a byte order mark', '\xef\xbb\xbfUSERNAME,TOKEN,CREDIT\na,"x, ""y""",5'],
    ['with its delimiter in the first line', 'sep=;\nUSERNAME;TOKEN;CREDIT\na;"x, ""y""";5\n'],
    ['with semicolons', 'USERNAME;TOKEN;CREDIT\na;"x, ""y""";5\n'],
    ['with tabs', 'USERNAME\tTOKEN\tCREDIT\na\t"x, ""y"""\t5\n'],
    ['with its columns in another order, case and company', 'credit,ID,token,username\n5,1,"x, ""y""",a\n'],
  ])('%s gives its rows', async (_, text) => {
    expect(await rows(text)).toEqual([['a', 'x, "y"', '5']])
  })

  it('has NULL as MySQL writes it: no token that anyone could guess', async () => {
    expect(await rows('USERNAME,TOKEN,CREDIT\na,NULL,\\N\nb,"NULL",1\n')).toEqual([
      ['a', null, null],
      ['b', 'NULL', '1'],
    ])
  })

  it('keeps bytes and spaces as they are', async () => {
    expect(await rows('USERNAME,TOKEN,CREDIT\na, \xc3\xbc\xff ,1\n')).toEqual([['a', ' \xc3\xbc\xff ', '1']])
  })

  it.each([
    ['has no such column', 'USERNAME,CREDIT\na,1\n', 'no column TOKEN'],
    ['is cut off in a line', 'USERNAME,TOKEN,CREDIT\na,t,1\nb,t', 'cut off'],
    ['is cut off in quotes', 'USERNAME,TOKEN,CREDIT\na,t,1\nb,"t', 'cut off'],
  ])('cannot be read where it %s', async (_, text, fault) => {
    await expect(rows(text)).rejects.toThrow(fault)
  })
})
