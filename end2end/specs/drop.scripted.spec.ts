// A package dropped on the page: read, checked and drawn in the browser before it is uploaded.

import { randomBytes } from 'node:crypto'
import { type Page } from '@playwright/test'
import { badPackages } from '../fixtures/bad-packages.ts'
import { addVersion, createRuntime, expectStatus, freshId, hydrated } from '../fixtures/console.ts'
import { type File, file, greeter, packageOf, sorter, sorterManifest } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

/** Drops files on the middle of the page, as the file manager would. */
async function drop(page: Page, ...dropped: File[]): Promise<void> {
  await hydrated(page)
  const stays = await page.evaluate(
    (files) => {
      const data = new DataTransfer()
      for (const { name, base64 } of files) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
        data.items.add(new File([bytes], name))
      }
      const target = document.querySelector('main') ?? document.body
      const dispatch = (type: string) =>
        !target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }))
      dispatch('dragenter')
      return [dispatch('dragover'), dispatch('drop')]
    },
    dropped.map(({ name, buffer }) => ({ name, base64: buffer.toString('base64') })),
  )
  // Otherwise the browser would leave the page for the file.
  expect(stays).toEqual([true, true])
}

const report = (page: Page, name: string) => page.getByRole('region', { name: `Check results for ${name}` })
const uploadButton = (page: Page) => page.getByRole('button', { name: 'Upload version' })

test('a dropped package is checked and drawn before a byte is uploaded, then uploaded with a reason', async ({ page }) => {
  const runtime = freshId('drop')
  await createRuntime(page, runtime)
  const writes: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST') writes.push(request.url())
  })
  await drop(page, sorter('sorted'))
  const checked = report(page, 'sorted.krt')
  await expect(checked).toContainText('KRT v2')
  await expect(checked).toContainText('Sorts messages and counts them.')
  await expect(checked).toContainText('EARLY_REPLY')
  await expect(checked).toContainText('MODEL_CARD')
  await expect(checked.getByRole('img', { name: /Workflow sorting/ })).toBeVisible()
  await expect(checked).toContainText('nothing uploaded yet')
  expect(writes).toEqual([])

  await expect(page.getByLabel('Reason')).toHaveValue('Uploaded sorted.krt')
  await page.getByLabel('Reason').fill('A first version')
  await uploadButton(page).click()
  await page.waitForURL(`**/runtimes/${runtime}/versions/sorted`)
  await expectStatus(page, 'stopped')
  await page.goto(`/audit?runtime=${runtime}&kind=create`)
  await expect(page.getByRole('row', { name: /sorted/ })).toContainText('A first version')
})

test('only the first of several files is checked, and the report says so', async ({ page }) => {
  await createRuntime(page, freshId('two'))
  await drop(page, greeter('one'), greeter('two'))
  await expect(report(page, 'one.krt')).toContainText('One file at a time; the others were ignored.')
  await drop(page, greeter('one'))
  await expect(report(page, 'one.krt')).not.toContainText('One file at a time')
})

test('dropping a file never leaves the page, and the plain form takes the file', async ({ page }) => {
  const runtime = freshId('stay')
  await createRuntime(page, runtime)
  await page.goto('/runtimes')
  await drop(page, greeter('kept'))
  await page.goto(`/runtimes/${runtime}/new-version`)
  await drop(page, greeter('kept'))
  await expect(page.getByLabel('KRT package')).toHaveValue(/kept\.krt$/)
})

test('every bad package is refused in the browser, with a reason and no button that uploads it', async ({ page }) => {
  const runtime = freshId('dbad')
  await createRuntime(page, runtime)
  for (const bad of badPackages) {
    await test.step(bad.what, async () => {
      await drop(page, bad.file)
      await expect(report(page, 'bad.krt')).toContainText(bad.says)
      await expect(uploadButton(page)).toHaveAttribute('aria-disabled', 'true')
      await page.getByRole('button', { name: 'Discard' }).click()
    })
  }
})

test('a problem is shown with its position and the source line', async ({ page }) => {
  const runtime = freshId('line')
  await createRuntime(page, runtime)
  const manifest = sorterManifest('lines').replace('exitpoint: answer', 'exitpoint: nobody')
  const line = manifest.split('\n').findIndex((text) => text.includes('nobody')) + 1
  const column = (manifest.split('\n')[line - 1] ?? '').indexOf('nobody') + 1
  await drop(page, packageOf(manifest, 'lines.krt'))
  await expect(report(page, 'lines.krt')).toContainText(`krt.yml ${line}:${column}`)
  await expect(report(page, 'lines.krt').getByRole('group', { name: 'Lines with problems' })).toContainText('exitpoint: nobody')
})

test('a bare manifest is checked and drawn, and says that it has no sources', async ({ page }) => {
  const runtime = freshId('bare')
  await createRuntime(page, runtime)
  await drop(page, file('krt.yml', sorterManifest('bare')))
  await expect(report(page, 'krt.yml')).toContainText('has no sources')
  await expect(report(page, 'krt.yml').getByRole('img', { name: /Workflow sorting/ })).toBeVisible()
  await expect(uploadButton(page)).toHaveAttribute('aria-disabled', 'true')
  // The button does not look enabled either.
  await uploadButton(page).hover()
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))))
  await expect(uploadButton(page)).toHaveCSS('background-color', 'rgba(0, 0, 0, 0)')
})

test('an existing version name is reported beside the name before anything is uploaded', async ({ page }) => {
  const runtime = freshId('taken')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'same', greeter('same'))
  await page.goto(`/runtimes/${runtime}`)
  await drop(page, greeter('same', 'other'))
  await expect(report(page, 'same.krt').getByRole('alert').first()).toContainText('Version "same" already exists in this runtime. Change version: in krt.yml.')
})

test('a reason of spaces is refused, and its field gets the focus', async ({ page, clean }) => {
  clean.expect(422)
  await createRuntime(page, freshId('why'))
  await drop(page, greeter('why'))
  await page.getByLabel('Reason').fill('   ')
  await uploadButton(page).click()
  await expect(page.getByText('Enter a reason for the audit log.')).toBeVisible()
  await expect(page.getByLabel('Reason')).toBeFocused()
  await expect(page.getByLabel('Reason')).toHaveValue('   ')
})

test('a package can also be chosen and discarded, and an upload can be cancelled', async ({ page, context, clean }) => {
  const runtime = freshId('choose')
  await createRuntime(page, runtime)
  await hydrated(page)
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('link', { name: 'Add version' }).click()
  await (await chooser).setFiles(greeter('chosen'))
  await expect(report(page, 'chosen.krt')).toBeVisible()
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect(report(page, 'chosen.krt')).toBeHidden()
  await expect(page.getByRole('link', { name: 'Add version' })).toBeFocused()

  // A large file and a slow connection leave time to cancel. Random bytes do not compress.
  const ballast = { path: 'model.bin', content: randomBytes(60_000) }
  await drop(page, packageOf(sorterManifest('heavy'), 'heavy.krt', [ballast]))
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  await network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 8_000 })
  await uploadButton(page).click()
  await expect(page.getByRole('progressbar', { name: 'Upload progress' })).toBeVisible()
  await page.getByRole('button', { name: 'Cancel upload' }).click()
  await expect(page.getByText('Upload cancelled. Nothing was stored.')).toBeVisible()
  await network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
  await page.goto(`/runtimes/${runtime}`)
  await expect(page.getByRole('heading', { name: 'No versions yet' })).toBeVisible()
  clean.check()
})
