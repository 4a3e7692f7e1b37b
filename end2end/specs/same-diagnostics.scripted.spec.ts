// The check in the browser's worker and the native check return the same report, byte for byte, for every example of the
// rule pages. `make browser` writes the examples with their native reports before this run. The report also does not
// depend on how the browser hands over a file.

import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Page } from '@playwright/test'
import { packageOf, sorterManifest } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

const folder = fileURLToPath(new URL('../../target/rule-examples', import.meta.url))

/** Checks a file in a new worker; returns the report and the text of the manifest. */
function check(page: Page, name: string, bytes: Buffer): Promise<{ report: string; text: string }> {
  return page.evaluate(
    ({ name, base64 }) =>
      new Promise<{ report: string; text: string }>((resolve, reject) => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
        const worker = new Worker('/check-worker.js', { type: 'module' })
        worker.onerror = () => reject(new Error('the worker stopped'))
        worker.onmessage = ({ data }) => {
          if (data.kind === 'progress') return
          worker.terminate()
          const read = (bytes?: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
          if (data.kind === 'report') resolve({ report: read(data.report), text: read(data.text) })
          else reject(new Error(data.message))
        }
        worker.postMessage(new File([bytes], name))
      }),
    { name, base64: bytes.toString('base64') },
  )
}

test('browser and native check return the same report for every example, byte for byte', async ({ page }) => {
  expect(existsSync(folder), 'cargo run -p krt --example rule_examples -- target/rule-examples --reports').toBe(true)
  const names = readdirSync(folder).filter((name) => /\.(yml|krt)$/.test(name))
  expect(names.length).toBeGreaterThan(200)
  await page.goto('/rules')
  for (const name of names) {
    const native = readFileSync(join(folder, `${name}.json`), 'utf8')
    const { report, text } = await check(page, name, readFileSync(join(folder, name)))
    expect(report, name).toBe(native)
    expect(text, name).toBe(readFileSync(join(folder, `${name}.text`), 'utf8'))
  }
})

test('a file in many chunks is read to its last byte, also by a browser without BYOB readers', async ({ page }) => {
  const ballast = { path: 'model.bin', content: randomBytes(1_500_000) }
  const { name, buffer } = packageOf(sorterManifest('pieces'), 'pieces.krt', [ballast])
  await page.goto('/rules')
  const answer = await check(page, name, buffer)
  expect(JSON.parse(answer.report)).toMatchObject({ diagnostics: [], size: buffer.length, sha256: createHash('sha256').update(buffer).digest('hex') })

  let hasAnswered = false
  await page.route('**/check-worker.js', async (route) => {
    const response = await route.fetch()
    hasAnswered = true
    await route.fulfill({ response, body: `delete self.ReadableStreamBYOBReader;${await response.text()}` })
  })
  expect(await check(page, name, buffer)).toEqual(answer)
  expect(hasAnswered).toBe(true)
})
