// Browser specs. Each runs with JavaScript (project `scripted`), without it (`plain`), or both, by the ending of its name:
// `*.scripted.spec.ts`, `*.plain.spec.ts`, and plain `*.spec.ts` for both. `*.cluster.spec.ts` run where a test of the
// server asks for them, on a cluster that it has prepared (`make test-cluster`).

import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const chromium = process.env.KRT_CONSOLE_CHROMIUM ?? '/usr/bin/chromium'
if (!existsSync(chromium)) throw new Error(`no Chromium at ${chromium}: install it, or name it in KRT_CONSOLE_CHROMIUM`)

const onCluster = '**/*.cluster.spec.ts'
/** Beside the desktop: a tablet upright, and a desktop whose user zooms to 200 %, which leaves half the pixels. */
const otherSizes = [
  { name: 'tablet', use: { viewport: { width: 768, height: 1024 } } },
  { name: 'zoomed', use: { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 } },
]
const desktop = { viewport: { width: 1440, height: 900 } }

export default defineConfig({
  testDir: 'specs',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  // A failure that a second try would hide is a failure.
  retries: 0,
  // A whole life of a version on a machine that compiles something else at the same time.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    locale: 'en-GB',
    timezoneId: 'Europe/Madrid', // not UTC, so that times rendered differently by server and browser are seen
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'scripted', testIgnore: ['**/*.plain.spec.ts', onCluster], use: { ...desktop } },
    { name: 'plain', testIgnore: ['**/*.scripted.spec.ts', onCluster], use: { ...desktop, javaScriptEnabled: false } },
    ...(process.env.KRT_CONSOLE_SIZES
      ? otherSizes.map(size => ({ ...size, testIgnore: ['**/*.plain.spec.ts', onCluster] }))
      : []),
    ...(process.env.KRT_CONSOLE_SPEC_RUNTIME ? [{ name: 'cluster', testMatch: onCluster, use: { ...desktop } }] : []),
  ],
})
