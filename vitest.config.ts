import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import './scripts/copy-docs.ts'
import './scripts/web/build.ts'

export default defineConfig({
  plugins: [
    cloudflareTest(async () => ({
      wrangler: { configPath: './wrangler.toml' },
      remoteBindings: false,
      miniflare: {
        bindings: {
          TOKEN_SECRET: 'a-secret-for-tests-only-0123456789',
          // As cheap as scrypt gets: what it costs in earnest has its own test.
          SCRYPT_LN: '4',
          SCRYPT_P: '1',
          // .dev.vars has it true.
          ALLOW_LOCAL_WEBHOOKS: 'false',
          // The committer has its own tests; the others look at each batch.
          WRITE_GROUPING: 'false',
          TEST_MIGRATIONS: await readD1Migrations('./migrations'),
        },
        // Stands for a read replica, in the tests of those.
        d1Databases: ['REPLICA'],
        outboundService: () => new Response('no network in tests', { status: 599 }),
      },
    })),
  ],
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['./test/support/setup.ts'],
    isolate: false,
    maxWorkers: 1,
    // For the bursts of hundreds of calls, on a machine that does something else as well.
    testTimeout: 30_000,
    deps: { optimizer: { ssr: { enabled: true, include: ['@noble/hashes/scrypt.js', '@noble/hashes/sha2.js'] } } },
  },
})
