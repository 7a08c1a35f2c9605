import { expect, test } from 'vitest'
import { slackMessage } from '../../src/alerts/slack.ts'

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
  const { text = '' } = message('😀'.repeat(5000)).blocks[0]?.text ?? {}
  expect([...text]).toHaveLength(3000)
  expect(text.endsWith('😀…')).toBe(true)
})
