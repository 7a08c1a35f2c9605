import { describe, expect, it } from 'vitest'
import example from '../../../examples/flask-credits.sql?raw'
import { readDump } from '../../../scripts/import/mysqldump.ts'

const WANTED = ['USERNAME', 'TOKEN', 'CREDIT']
const TABLE = 'CREATE TABLE `USERS` (`ID` int(11), `USERNAME` varchar(255), `TOKEN` varchar(255), `CREDIT` int);\n'

const rows = (sql: string) => readDump(sql, WANTED)[0]?.rows.map((row) => WANTED.map((column) => row[column]))
const values = (list: string) => rows(`${TABLE}INSERT INTO \`USERS\` VALUES ${list};`)

describe('a dump', () => {
  it('as MariaDB writes it gives its rows', () => {
    expect(rows(example)?.slice(0, 2)).toEqual([
      ['harrier', 'b1f0c7d2e9a84356', '37'],
      ['tollgate', 'a token, with: commas and colons', '100'],
    ])
    expect(rows(example)).toHaveLength(8)
  })

  it.each([
    ["(1,'a','it''s','1')", "it's"],
    ["(1,'a','a\\'b\\\\c\\\"d','1')", 'a\'b\\c"d'],
    ["(1,'a','a\\nb\\tc\\0d\\Z\\%\\_\\q','1')", 'a\nb\tc\0d\x1a\\%\\_q'],
    ["(1,'a','); INSERT -- /* #','1')", '); INSERT -- /* #'],
    ["(1,'a',_binary 'bytes','1')", 'bytes'],
    ["(1,'a',0x6162ff,'1')", 'ab\xff'],
    ['(1,\'a\',"double "" quotes",\'1\')', 'double " quotes'],
    ["(1,'a','','1')", ''],
    ["(1,'a',NULL,'1')", null],
    ["(1,'a','NULL','1')", 'NULL'],
  ])('with %s has the token %j', (list, token) => {
    expect(values(list)?.[0]?.[1]).toBe(token)
  })

  it.each(['5', '-5', '12.5', '1e-05', '+3', '.5'])('has the number %s as it stands there', (credit) => {
    expect(values(`(1,'a','t',${credit})`)?.[0]?.[2]).toBe(credit)
  })

  it('has several rows a statement, several statements, and comments in between', () => {
    const sql = `${TABLE}# a comment
      INSERT INTO USERS VALUES (1,'a','t',1),\n(2,'b','t',2);\n/*!40000 ALTER TABLE x */; -- ; more
      insert ignore into \`db\`.\`USERS\` VALUES (3,'c','t',3);`
    expect(rows(sql)?.map(([name]) => name)).toEqual(['a', 'b', 'c'])
  })

  it('says in the INSERT itself in which order its columns are', () => {
    expect(rows("INSERT INTO t (credit, username, id, token) VALUES (7,'a',1,'t');")).toEqual([['a', 't', '7']])
  })

  it('has names in double quotes in the mode that MySQL calls ANSI', () => {
    const sql = `CREATE TABLE "USERS" ("USERNAME" text, "TOKEN" text, "CREDIT" int, PRIMARY KEY ("USERNAME"));
      INSERT INTO "USERS" VALUES ('a','t',1);`
    expect(rows(sql)).toEqual([['a', 't', '1']])
  })

  it('may have other tables: they are passed over, even where their texts look like rows', () => {
    const sql = `CREATE TABLE \`LOG\` (\`T\` enum('a','b') COMMENT 'with ; and '' and (', KEY \`k\` (\`T\`));
      INSERT INTO \`LOG\` VALUES ('INSERT INTO USERS VALUES (9,''no'',''no'',9);'); ${TABLE} INSERT INTO USERS VALUES (1,'a','t',1);
      CREATE VIEW v AS SELECT 1; DROP TABLE IF EXISTS z;`
    expect(rows(sql)).toEqual([['a', 't', '1']])
    expect(readDump(sql, WANTED).map(({ columns }) => columns)).toEqual([['ID', 'USERNAME', 'TOKEN', 'CREDIT']])
  })

  it('keeps columns apart from keys and checks', () => {
    const sql = `CREATE TABLE t (USERNAME text, TOKEN text, CREDIT int DEFAULT (1 + (2)), PRIMARY KEY (USERNAME), UNIQUE KEY k (TOKEN),
      CONSTRAINT c CHECK (CREDIT > 0), KEY z (CREDIT)) ENGINE=InnoDB;`
    expect(readDump(sql, WANTED)[0]?.columns).toEqual(WANTED)
  })

  it('keeps bytes as they are', () => {
    expect(values("(1,'a','\xc3\xbc\xff',1)")?.[0]?.[1]).toBe('\xc3\xbc\xff')
  })
})

describe('a dump that cannot be read', () => {
  it('is cut off wherever it ends before its end', () => {
    for (
      let length = 1;
      length < example.trimEnd().length - '-- Dump completed on 2026-11-22 12:00:00'.length;
      length++
    ) {
      expect(() => readDump(example.slice(0, length), WANTED), `after ${length} characters`).toThrow('cut off')
    }
  })

  it('without the words at its end is cut off in the middle of a statement, or between LOCK and UNLOCK', () => {
    for (const sql of [
      "INSERT INTO USERS VALUES (1,'a','t',1)",
      "INSERT INTO USERS VALUES (1,'a",
      'LOCK TABLES x WRITE;',
    ]) {
      expect(() => readDump(TABLE + sql, WANTED)).toThrow('cut off')
    }
  })

  it('has another number of values than of columns', () => {
    expect(() => values("(1,'a','t')")).toThrow('line 2: a row of USERS has 3 values for 4 columns')
  })

  it('has no columns', () => {
    expect(() => readDump("INSERT INTO USERS VALUES (1,'a','t',1);", WANTED)).toThrow('make it with CREATE TABLE')
  })

  it('has no value where one should be', () => {
    expect(() => values("(1,'a','t',)")).toThrow('line 2')
    expect(() => values("(1,'a','t' 5)")).toThrow('where a comma should be')
  })
})

it('a table with other columns is none that is looked for', () => {
  expect(readDump('CREATE TABLE t (USERNAME text, TOKEN text); INSERT INTO t VALUES (1, 2);', WANTED)).toEqual([])
})
