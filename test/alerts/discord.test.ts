import { expect, test } from 'vitest'
import { discordMessage } from '../../src/alerts/discord.ts'
import { EVENTS, type EventName } from '../../src/alerts/events.ts'

const say = (type: EventName, data: Record<string, unknown> = {}) =>
  discordMessage({ type, timestamp: '2027-01-15T12:00:00.000Z', data }).content

const names = (count: number) => Array.from({ length: count }, (_, i) => ({ username: `player${i}`, balance: 100 }))

test('says every event in a sentence of its own, without JSON', () => {
  expect(
    say('credits.low', { username: 'kicksent', balance: 9, allowance: 100, resetsAt: '2027-02-01T00:00:00.000Z' }),
  ).toBe('Credits are low: kicksent has 9 left of 100 a month. New credits come at 2027-02-01 00:00 UTC.')
  expect(say('credits.exhausted', { username: 'kicksent', balance: 0, allowance: 100, resetsAt: '' })).toBe(
    'Credits no longer suffice: kicksent has 0 left of 100 a month.',
  )
  expect(say('credits.reset', { accounts: names(2) })).toBe('A new month of credits has begun for player0, player1.')
  expect(say('service.failing', { failures: 10, withinSeconds: 60 })).toBe(
    'The service is failing: 10 calls were answered with a server error within 60 seconds.',
  )
  expect(say('job.failed', { job: 'heartbeat', error: 'answered 500' })).toBe('The job heartbeat failed: answered 500')
  expect(say('webhook.disabled', { webhookId: 'whk_1', host: 'one.example' })).toBe(
    'The alert endpoint whk\\_1 at one.example was disabled: it answered 410 Gone.',
  )
  const sentences = [...EVENTS, 'webhook.test' as const].map((event) => say(event))
  expect(new Set(sentences).size).toBe(sentences.length)
  for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z][^{}[\]"]+$/)
})

test('says that there are more accounts than it names', () => {
  expect(say('credits.reset', { accounts: names(500) })).toMatch(/ player0, .* player19 and 480 more\.$/)
})

test('is at most 2,000 characters long', () => {
  const content = say('job.failed', { job: 'x', error: '😀'.repeat(5000) })
  expect([...content]).toHaveLength(2000)
  expect(content.endsWith('😀…')).toBe(true)
})

test('mentions nobody and formats nothing, whatever a name or an error holds', () => {
  const error =
    '@everyone @here <@123> <@&4> <#5> **bold** __u__ ~~s~~ ||spoiler|| `code` [a](https://evil.example) :smile:\n# head\n> quote'
  const content = say('job.failed', { job: '_a_', error })
  expect(content).not.toContain('@everyone')
  expect(content).not.toContain('@here')
  expect(content).not.toContain('\n')
  expect(content.replace(/^The job (.*?) failed: /, '').match(/(?<!\\)[*_~`|[\]()<>#:]/g)).toBeNull()
  expect(discordMessage({ type: 'job.failed', timestamp: '', data: { error } }).allowed_mentions).toEqual({ parse: [] })
})
