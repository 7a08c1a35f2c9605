import { expect, test } from 'vitest'
import { startService } from '../support/service.ts'

test('has the costs of an answer if SERVER_TIMING is true', async () => {
  const { call } = startService({ vars: { SERVER_TIMING: 'true' } })
  await call('/api/users')
  const { headers } = await call('/api/users?prefix=a')
  expect(headers.get('Server-Timing')).toMatch(
    /^roundTrips;desc="1", rowsRead;desc="\d+", rowsWritten;desc="0", kvReads;desc="0", kvWrites;desc="0"$/,
  )
})

test('is absent otherwise', async () => {
  const { call } = startService()
  expect((await call('/api/users')).headers.get('Server-Timing')).toBeNull()
})
