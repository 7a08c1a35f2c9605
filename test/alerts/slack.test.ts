import { expect, test } from 'vitest'
import { isSlackWebhook, slackMessage } from '../../src/alerts/slack.ts'

const message = (error: string) =>
  slackMessage({ type: 'job.failed', timestamp: '2027-01-15T12:00:00.000Z', data: { job: 'heartbeat', error } })

test('says what happened as plain text, and mentions nobody', () => {
  const { text, blocks } = message('<!channel> a & b')
  expect(blocks[0]?.text).toEqual({
    type: 'plain_text',
    text: 'The job heartbeat failed: <!channel> a & b',
    emoji: false,
  })
  expect(text).toBe('The job heartbeat failed: &lt;!channel&gt; a &amp; b')
})

test('stays within what Slack takes', () => {
  expect(message('x'.repeat(5000)).blocks[0]?.text.text).toHaveLength(3000)
})

test.each([
  ['https://hooks.slack.com/services/T0/B0/abc', true],
  ['https://hooks.slack-gov.com/services/T0/B0/abc', true],
  ['https://hooks.slack.com/triggers/T0/1/abc', false],
  ['https://hooks.slack.com.evil.example/services/T0/B0/abc', false],
  ['https://evil.example/?https://hooks.slack.com/services/', false],
])('knows %s: %s', (url, known) => expect(isSlackWebhook(url)).toBe(known))
