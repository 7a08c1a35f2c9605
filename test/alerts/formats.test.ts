import { expect, test } from 'vitest'
import { formatFor } from '../../src/alerts/formats.ts'

test.each([
  ['https://discord.com/api/webhooks/1/token', 'discord'],
  ['https://discordapp.com/api/webhooks/1/token', 'discord'],
  ['https://canary.discord.com/api/v10/webhooks/1/token', 'discord'],
  ['https://discord.com/api/webhooks/1/token?wait=true', 'discord'],
  ['https://discord.com/api/webhooks/1/token/slack', 'slack'],
  ['https://hooks.slack.com/services/T0/B0/abc', 'slack'],
  ['https://hooks.slack-gov.com/services/T0/B0/abc', 'slack'],
  ['https://hooks.slack.com/triggers/T0/1/abc', undefined], // a workflow: it takes variables of its own
  ['https://hooks.slack.com.evil.example/services/T0/B0/abc', undefined],
  ['https://evil.example/?https://hooks.slack.com/services/', undefined],
  ['https://discord.com.evil.example/api/webhooks/1/token', undefined],
  ['https://evil-discord.com/api/webhooks/1/token', undefined],
  ['https://example.com/https://discord.com/api/webhooks/1/token', undefined],
  ['https://discord.com/channels/1/2', undefined],
  ['no url', undefined],
])('%s calls for %s', (url, format) => expect(formatFor(url)).toBe(format))
