/**
 * Makes an SQLite file such as the first Flask app had, of people who do not exist: `examples/flask-users.sqlite`, or with
 * `--users N` a large one, to measure an import with.
 */
import { rmSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { parseArgs } from 'node:util'

const XP = [
  'meleeAtkXp',
  'magicAtkXp',
  'rangeAtkXp',
  'healthXp',
  'shieldXp',
  'evasionXp',
  'sizeXp',
  'blockXp',
  'ResistXp',
  'speedXp',
]
const COLUMNS = [
  'id',
  'username',
  'email',
  'password_hash',
  ...XP,
  'twitchuserid',
  'inventorysize',
  'isModerator',
  'x',
  'y',
]

/** passlib made these; the passwords are "lantern-7", "Über den Wolken" and "quiet harbour". */
const LANTERN =
  '$6$rounds=656000$Xq3mPz7LwR1tYv0b$Z7jvVA7hkWB9y/DvUwaTZPYEmQitW4wvbIV09kGwfyzdEdt7XhtIhe48ADLbsOn15PcBpo2NgdmwpP/Xeax/C0'
const WOLKEN = '$5$rounds=535000$hJ4kW9sD2fG6aQ8z$iKwnezGYqdAddSAwPfrT94RDuHMxJFs1YundFQnXm4C'
const HARBOUR = '$6$mT5nB1vC$Za62WR69u./2cCmkyyb1l3boPwKJ6TtaP/gZqaw.d1MNnTZUm1XZs/X3aCv6t.dFwWwF7dI9WD33vrIeqvLUe/'
const ENDLESS = LANTERN.replace('656000', '1000000000')

const nobody = XP.map(() => null)

/** A plain user, and one for each thing that the import mends, leaves out or reports. */
const PEOPLE: SQLInputValue[][] = [
  [
    1,
    'MarlowFinch',
    'marlow@example.com',
    LANTERN,
    12400,
    3150,
    800,
    9200,
    4100,
    600,
    0,
    2750,
    1200,
    5050,
    40012001,
    20,
    1,
    10.5,
    3,
  ],
  [2, 'wolkenreiter', 'wolken@example.com', WOLKEN, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 40012002, 20, 0, 0, 0],
  [3, 'harbour_light', '', HARBOUR, ...nobody, null, null, null, null, null],
  [4, 'NoPassword', null, null, 5, ...nobody.slice(1), null, 20, 0, 0, 0],
  [5, 'José Núñez', 'jose@example.com', HARBOUR, ...nobody, null, 20, 0, 0, 0],
  [6, 'MARLOWFINCH', 'other@example.com', HARBOUR, ...nobody, null, 20, 0, 0, 0],
  [7, 'me', 'me@example.com', HARBOUR, ...nobody, null, 20, 0, 0, 0],
  [8, '12345', 'MARLOW@example.com', HARBOUR, ...nobody, 40012001, 20, 0, 0, 0],
  [9, 'Overflow', 'not an address', ENDLESS, -25, 12.5, 'many', ...nobody.slice(3), null, 20, 0, 0, 0],
  [
    10,
    'OldestPlayer',
    'oldest@example.com',
    '$2b$12$aBcryptHashWhichTheImportDoesNotKnow',
    ...nobody,
    null,
    20,
    0,
    0,
    0,
  ],
]

function* many(users: number): Generator<SQLInputValue[]> {
  for (let id = 1; id <= users; id++) {
    const xp = XP.map((_, i) => (id * (i + 7919)) % 500_000)
    yield [id, `Player_${id}`, `player${id}@example.com`, LANTERN, ...xp, id, 20, 0, 0, 0]
  }
}

const { values, positionals } = parseArgs({ options: { users: { type: 'string' } }, allowPositionals: true })
const file = positionals[0] ?? 'examples/flask-users.sqlite'
rmSync(file, { force: true })
const database = new DatabaseSync(file)
const columns = COLUMNS.map(
  (column) =>
    `"${column}" ${column === 'id' ? 'INTEGER PRIMARY KEY' : column.match(/^(user|email|pass)/) ? 'VARCHAR(128)' : 'INTEGER'}`,
)
database.exec(`CREATE TABLE user (${columns.join(', ')}); BEGIN`)
const insert = database.prepare(`INSERT INTO user VALUES (${COLUMNS.map(() => '?').join(', ')})`)
for (const person of values.users ? many(Number(values.users)) : PEOPLE) insert.run(...person)
database.exec('COMMIT')
database.close()
console.log(`${file} is made`)
