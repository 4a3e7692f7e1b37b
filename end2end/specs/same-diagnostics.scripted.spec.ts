// The check in the browser's worker and the native one: the same report, byte for byte, of every example of the rules'
// pages. `make browser` writes the examples with their native reports beside this run.

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '../fixtures/test.ts'

const folder = fileURLToPath(new URL('../../target/rule-examples', import.meta.url))

test('browser and native check say the same of every example, byte for byte', async ({ page }) => {
  expect(existsSync(folder), 'cargo run -p krt --example rule_examples -- target/rule-examples --reports').toBe(true)
  const names = readdirSync(folder).filter((name) => /\.(yml|krt)$/.test(name))
  expect(names.length).toBeGreaterThan(200)
  await page.goto('/rules')
  for (const name of names) {
    const native = readFileSync(join(folder, `${name}.json`), 'utf8')
    const report = await page.evaluate(
      ({ name, base64 }) =>
        new Promise<string>((resolve, reject) => {
          const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
          const worker = new Worker('/check-worker.js', { type: 'module' })
          worker.onerror = () => reject(new Error('the worker stopped'))
          worker.onmessage = ({ data }) => {
            if (data.kind === 'progress') return
            worker.terminate()
            if (data.kind === 'report') resolve(data.report)
            else reject(new Error(data.message))
          }
          worker.postMessage(new File([bytes], name))
        }),
      { name, base64: readFileSync(join(folder, name)).toString('base64') },
    )
    expect(report, name).toBe(native)
  }
})
