import { describe, expect, it, test } from 'vitest'
import { kindOf } from '../../../scripts/import/file-kind.ts'

describe('a file that is neither a dump nor a table in text is named for what it is', () => {
  it.each([
    ['\xff\xfeC\0R\0', /UTF-16/],
    ['C\0R\0E\0A\0T\0', /UTF-16/],
    ['\x1f\x8b\x08', /gzip/],
    ['BZh9', /bzip2/],
    ['PK\x03\x04', /ZIP/],
    ['SQLite format 3\0', /SQLite database: that is for npm run import -- flask-users/],
    ['PGDMP', /PostgreSQL/],
    ['-- comment\n-- PostgreSQL database dump\n', /PostgreSQL/],
    ['<?xml version="1.0"?>\n<mysqldump>', /XML/],
    ['<!DOCTYPE html>', /HTML/],
    ['[{"USERNAME": "a"}]', /JSON/],
    ['+----+----+\n| id | x |', /mysql client/],
    ['\x7fELF\0\0', /no text/],
    ['  \n', /empty/],
  ])('%j', (head, message) => {
    expect(() => kindOf(head, 'file.sql')).toThrow(message)
  })
})

test.each([
  ['USERNAME,TOKEN,CREDIT\n', ','],
  ['"USERNAME";"TOKEN";"CREDIT"\r\n', ';'],
  ['USERNAME\tTOKEN\tCREDIT\n', '\t'],
  ['sep=;\r\nUSERNAME;TOKEN;CREDIT\r\n', ';'],
  ['\xef\xbb\xbfUSERNAME|TOKEN|CREDIT\n', '|'],
])('%j is a table in text, whatever the file is called', (head, delimiter) => {
  expect(kindOf(head, 'file.txt')).toMatchObject({ kind: 'csv', delimiter })
})

test.each([
  '-- MySQL dump 10.13\n',
  'CREATE TABLE a (b int);\n',
  'INSERT INTO a VALUES (1);\n',
  '/*!40101 SET NAMES utf8 */;\n',
])('%j is a dump', (head) => {
  expect(kindOf(head, 'file.sql')).toEqual({ kind: 'sql' })
})
