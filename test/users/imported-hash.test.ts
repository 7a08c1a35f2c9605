import { expect, it } from 'vitest'
import { importedHash, verifyImported } from '../../src/users/imported-hash.ts'

/** PBKDF2 by Debian's Werkzeug and passlib; scrypt by Python's hashlib, as Werkzeug calls it. */
it.each([
  'scrypt:32768:8:1$saltsalt$4087e26ee134cbaf266f503f9bcdc128179e270d6f252c5d5cb42b0ae55034be946240b401c0772c0806586daf373ee9c8bdb84affb5b372eb7f83bb52370226',
  'pbkdf2:sha256:1000$keXv1olF4aJUJZHk$eb09c8fb882af197f259a5919de1a9100e01b8ebc459d6a837eb7e7a5ff6e308',
  '$pbkdf2-sha256$1000$nDNmDEFIqdVaS2mttfb.3w$6Hy4Z0kt4nbrcCeMbFx4SuTIveJZZUzrxwzwlDKaLIw',
  '$pbkdf2-sha512$1000$EuLcu3cOoXROSYmR8r6XMg$wC/WK/vQXJZ0hJHBTnDFmHK591b5.gbtTctAvdBYOZ1WNV7LXgBmCjqDNtBEVHTElhODmyobpO2LaK.3hSOHYA',
  // By Python's bcrypt, as Flask-Bcrypt calls it.
  '$2b$06$r8oiXv9VFlL/KI7oqTQVyu.enif5cdJFwaBkhxuFg1Vl5HfQfRJ4y',
  '$2a$05$r8oiXv9VFlL/KI7oqTQVyuJbrHxa4.Q2k7NvCbwjrXzKisVKciUB.',
])('%s is verified', (hash) => {
  expect(importedHash(hash)).toEqual({ hash })
  expect(verifyImported('tröß python', hash)).toBe(true)
  expect(verifyImported('tröß Python', hash)).toBe(false)
})

it.each([
  [`pbkdf2:sha256:1000001$salt$${'a'.repeat(64)}`, 'rounds'],
  [`scrypt:1048576:8:1$salt$${'a'.repeat(128)}`, 'costs too much'],
  ['$2b$12$abcdefghijklmnopqrstuv', 'bcrypt in a form'],
  ['$2b$15$dnNAkNO/MMML6wqv/dX0yuXauaNgED1V71bkWwUIzSpFxWMc/Rfba', 'cost 15'],
  ['$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA', 'argon2'],
  ['hunter2', 'plain text'],
])('%s is refused by name, and verifies nothing', (hash, fault) => {
  expect(importedHash(hash).fault).toContain(fault)
  expect(importedHash(hash).fault).not.toContain(hash)
  expect(verifyImported('a', hash)).toBe(false)
})
