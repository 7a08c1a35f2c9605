import { describe, expect, it } from 'vitest'
import example from '../../../examples/flask-credits.sql?raw'
import { readDump as read } from '../../../scripts/import/mysql/dump.ts'

const WANTED = ['USERNAME', 'TOKEN', 'CREDIT']
const TABLE = 'CREATE TABLE `USERS` (`ID` int(11), `USERNAME` varchar(255), `TOKEN` varchar(255), `CREDIT` int);\n'

/** Read in short chunks, so that tokens are split between two of them. */
const readDump = (sql: string, columns: string[], table?: string) =>
  read(sql.match(/[\s\S]{1,97}/g) ?? [], { columns, numbers: ['CREDIT'], table })
const rows = (sql: string, table?: string) => readDump(sql, WANTED, table).rows
const values = (list: string) => rows(`${TABLE}INSERT INTO \`USERS\` VALUES ${list};`)

describe('a dump', () => {
  it('of MariaDB gives its rows', () => {
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

  it.each(['5', '-5', '12.5', '1e-05', '+3', '.5'])('has the number %s as it is written', (credit) => {
    expect(values(`(1,'a','t',${credit})`)?.[0]?.[2]).toBe(credit)
  })

  it('may have several rows in a statement, several statements, and comments', () => {
    const sql = `${TABLE}# a comment
      INSERT INTO USERS VALUES (1,'a','t',1),\n(2,'b','t',2);\n/*!40000 ALTER TABLE x */; -- ; more
      insert ignore into \`USERS\` VALUES (3,'c','t',3);`
    expect(rows(sql)?.map(([name]) => name)).toEqual(['a', 'b', 'c'])
  })

  it('may list the columns in the INSERT', () => {
    expect(rows("INSERT INTO t (credit, username, id, token) VALUES (7,'a',1,'t');")).toEqual([['a', 't', '7']])
  })

  it('may have names in double quotes', () => {
    const sql = `CREATE TABLE "USERS" ("USERNAME" text, "TOKEN" text, "CREDIT" int, PRIMARY KEY ("USERNAME"));
      INSERT INTO "USERS" VALUES ('a','t',1);`
    expect(rows(sql)).toEqual([['a', 't', '1']])
  })

  it('may have other tables, whose texts may look like rows', () => {
    const sql = `CREATE TABLE \`LOG\` (\`T\` enum('a','b') COMMENT 'with ; and '' and (', KEY \`k\` (\`T\`));
      INSERT INTO \`LOG\` VALUES ('INSERT INTO USERS VALUES (9,''no'',''no'',9);'); ${TABLE} INSERT INTO USERS VALUES (1,'a','t',1);
      CREATE VIEW v AS SELECT 1; DROP TABLE IF EXISTS z;`
    expect(rows(sql)).toEqual([['a', 't', '1']])
    expect(readDump(sql, WANTED).columns).toEqual(['ID', 'USERNAME', 'TOKEN', 'CREDIT'])
  })

  it('may define keys and checks beside the columns', () => {
    const sql = `CREATE TABLE t (USERNAME text, TOKEN text, CREDIT int DEFAULT (1 + (2)), PRIMARY KEY (USERNAME), UNIQUE KEY k (TOKEN),
      CONSTRAINT c CHECK (CREDIT > 0), KEY z (CREDIT)) ENGINE=InnoDB;`
    expect(readDump(sql, WANTED).columns).toEqual(WANTED)
  })

  it('gives bytes unchanged', () => {
    expect(values("(1,'a','\xc3\xbc\xff',1)")?.[0]?.[1]).toBe('\xc3\xbc\xff')
  })
})

describe('a dump that cannot be read', () => {
  it('is cut off, at whichever character', () => {
    for (
      let length = 1;
      length < example.trimEnd().length - '-- Dump completed on 2026-11-22 12:00:00'.length;
      length++
    ) {
      expect(() => readDump(example.slice(0, length), WANTED), `after ${length} characters`).toThrow('cut off')
    }
  })

  it('is cut off in a statement or between LOCK and UNLOCK, if it has no comment at its end', () => {
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
    expect(() => values("(1,5 'a','t',5)")).toThrow('where a comma should be')
  })
})

it('the error for a table with other columns names them', () => {
  const sql = 'CREATE TABLE t (login text, apikey text); INSERT INTO t VALUES (1, 2);'
  expect(() => readDump(sql, WANTED)).toThrow('it has t (login, apikey)')
  expect(readDump(sql, ['login', 'apikey']).rows).toEqual([['1', '2']])
})

const ROW = "INSERT INTO USERS VALUES (1,'ann','tok',5);"
const EVIL = "INSERT INTO USERS VALUES (2,'evil','evil',5);"
const ANN = [['ann', 'tok', '5']]

describe('code', () => {
  it.each([
    `DELIMITER ;;\nCREATE PROCEDURE p() BEGIN ${EVIL} END ;;\nDELIMITER ;\n`,
    `delimiter $$\nCREATE PROCEDURE p() BEGIN ${EVIL} END$$\ndelimiter ;\n`,
    `CREATE PROCEDURE p(n int) BEGIN IF n THEN ${EVIL} ELSEIF 1 THEN SELECT CASE WHEN 1 THEN 2 END; END IF; ${EVIL} END;`,
    `CREATE TRIGGER t AFTER INSERT ON USERS FOR EACH ROW IF NEW.id THEN ${EVIL} END IF;`,
    `CREATE PROCEDURE p() l: LOOP ${EVIL} LEAVE l; END LOOP;`,
    `CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO ${EVIL}`,
    `BEGIN NOT ATOMIC ${EVIL} END;`,
    `/*!50003 CREATE*/ /*!50003 TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN ${EVIL} END */;`,
  ])('makes no row: %s', (code) => {
    expect(rows(TABLE + ROW + code)).toEqual(ANN)
  })

  it.each([`CREATE PROCEDURE p() FOR i IN 1..3 DO ${EVIL} END FOR;`, 'CALL p();', 'EXECUTE s;'])(
    'that is not understood makes the file refused: %s',
    (code) => {
      expect(() => rows(TABLE + ROW + code)).toThrow(/line 2: no statement of a dump begins with/)
    },
  )
})

describe('statements around the rows', () => {
  it('may name several databases, of which one has to be chosen', () => {
    const sql = `USE prod; ${TABLE} ${ROW} USE staging; ${TABLE} ${EVIL}`
    expect(() => rows(sql)).toThrow('prod.USERS and staging.USERS')
    expect(rows(sql, 'prod.USERS')).toEqual(ANN)
  })

  it.each([
    'CREATE TABLE USERS (ID int, USERNAME text, CREDIT int); ALTER TABLE USERS ADD COLUMN TOKEN text AFTER USERNAME, ADD KEY (CREDIT);',
    'CREATE TABLE USERS (ID int, junk int, USERNAME text, TOKEN text, CREDIT int); ALTER TABLE USERS DROP junk;',
    'CREATE TABLE USERS (USERNAME text, TOKEN text, CREDIT int); ALTER TABLE USERS ADD ID int FIRST;',
  ])('may change the columns: %s', (table) => {
    expect(rows(table + ROW)).toEqual(ANN)
  })

  it('may set the encoding', () => {
    expect(rows(`${TABLE}SET NAMES latin1; INSERT INTO USERS VALUES (1,'j\xf6rg','t',1);`)[0]?.[0]).toBe('j\xc3\xb6rg')
    expect(() => rows(`${TABLE}SET NAMES gbk; ${ROW}`)).toThrow('texts in gbk cannot be read')
  })

  it('may set whether backslashes escape', () => {
    const sql = `${TABLE}SET sql_mode='NO_BACKSLASH_ESCAPES'; INSERT INTO USERS VALUES (1,'ann','a\\',5);`
    expect(rows(sql)).toEqual([['ann', 'a\\', '5']])
  })

  it.each([
    'UPDATE USERS SET CREDIT = 0;',
    'INSERT INTO USERS SELECT * FROM x;',
    "INSERT INTO USERS (USERNAME) VALUES ('b');",
    'ROLLBACK;',
    'ROLLBACK TO SAVEPOINT s;',
    "LOAD DATA INFILE 'rest.txt' INTO TABLE USERS;",
  ])('make the file refused if the rows cannot be known: %s', (sql) =>
    expect(() => rows(TABLE + ROW + sql)).toThrow('line 2'),
  )

  it('make the file refused if all rows come from another file', () => {
    expect(() => rows(`${TABLE}LOAD DATA LOCAL INFILE 'all.txt' REPLACE INTO TABLE USERS;`)).toThrow(
      'line 2: LOAD takes rows of USERS from another file',
    )
  })

  it('may drop a table, which is then none', () => {
    expect(() => rows(`${TABLE}${ROW} DROP TABLE USERS;`)).toThrow('it has no table, or drops each one')
  })

  it.each([
    '/*!999999\\- enable the sandbox mode */\n-- MariaDB dump 10.19\n',
    '-- MySQL dump 10.13\n',
    'START TRANSACTION;\n',
    '/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE */;\n',
  ])('show that the end is missing: %s', (head) => {
    expect(() => rows(head + TABLE + ROW)).toThrow('cut off')
  })
})

it.each([
  ["(b'1',N'ann',X'746f6b',b'101')"],
  ["(NOW(),_latin1'ann',_binary 'tok',0x05)"],
  ["(IFNULL(a,'x,)'),'an' 'n',0x746f6b,+5)"],
])('a row may be written %s', (list) => {
  expect(values(list)?.map(([a, b, c]) => [a, b, Number(c)])).toEqual([['ann', 'tok', 5]])
})

it('a row may be written as SET, and a call is no value', () => {
  expect(rows(`${TABLE}INSERT INTO USERS SET USERNAME='ann', TOKEN='tok', CREDIT=5;`)).toEqual(ANN)
  expect(() => values("(1,'a',UUID(),1)")).toThrow('TOKEN is a call of UUID()')
  expect(() => values('(1,p_name,p_token,1)')).toThrow('USERNAME is the bare word "p_name"')
})
