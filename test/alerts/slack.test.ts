import { expect, test } from 'vitest'
import { MAX_SLACK_CHARACTERS, slackMessage } from '../../src/alerts/slack.ts'

const message = (error: string) =>
  slackMessage({ type: 'job.failed', timestamp: '2027-01-15T12:00:00.000Z', data: { job: 'heartbeat', error } })

test('describes an event in plain text, without mentions', () => {
  const { text, blocks } = message('<!channel> a & b')
  expect(blocks[0]?.text).toEqual({
    type: 'plain_text',
    text: 'The job heartbeat failed: <!channel> a & b',
    emoji: false,
  })
  expect(text).toBe('The job heartbeat failed: &lt;!channel&gt; a &amp; b')
})

test("stays within Slack's limit", () => {
  const { text = '' } = message('😀'.repeat(5000)).blocks[0]?.text ?? {}
  expect([...text]).toHaveLength(MAX_SLACK_CHARACTERS)
  expect(text.endsWith('😀…')).toBe(true)
})
