// Packages that the plain form refuses: each with a specific message, and nothing is stored.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { addVersion, createRuntime, freshId, upload } from '../fixtures/console.ts'
import { badPackages } from '../fixtures/bad-packages.ts'
import { greeter } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

/** The names of all files below a folder. */
const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => entry.name)

test('every bad package is refused with a message, and nothing is stored', async ({ page, server, clean }) => {
  clean.expect(422, 413)
  const runtime = freshId('bad')
  await createRuntime(page, runtime)
  const data = join(server.folder, 'data')
  const kept = () => files(data).filter((name) => !/sqlite|\.db|-wal|-shm|lock/.test(name)).sort()
  const before = kept()
  for (const bad of badPackages) {
    await test.step(bad.what, async () => {
      await upload(page, runtime, bad.file, 'Trying it')
      await expect(page.getByRole('main')).toContainText(bad.says)
      await expect(page).toHaveURL(`/runtimes/${runtime}/new-version`)
      await expect(page.getByLabel('Reason')).toHaveValue('Trying it')
    })
  }
  await page.goto(`/runtimes/${runtime}`)
  await expect(page.getByRole('heading', { name: 'No versions yet' })).toBeVisible()
  expect(kept()).toEqual(before)
})

test('an existing version name is refused with an error at the package field', async ({ page, clean }) => {
  const runtime = freshId('name')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'same', greeter('same'))
  clean.expect(409)
  await upload(page, runtime, greeter('same', 'other'))
  await expect(page.locator('#error-package')).toContainText('same')
})

test('the same form sent twice makes one version', async ({ page }) => {
  const runtime = freshId('form')
  await createRuntime(page, runtime)
  await page.goto(`/runtimes/${runtime}/new-version`)
  const key = await page.locator('input[name=idempotency_key]').getAttribute('value')
  const send = () =>
    page.request.post(`/runtimes/${runtime}/new-version`, {
      headers: { accept: 'application/json', origin: new URL(page.url()).origin },
      multipart: { reason: 'Twice', idempotency_key: key ?? '', package: greeter('once') },
    })
  expect((await send()).status()).toBe(201)
  expect((await send()).status()).toBe(201)
  await page.goto(`/runtimes/${runtime}`)
  await expect(page.getByRole('row', { name: /once/ })).toHaveCount(1)
})
