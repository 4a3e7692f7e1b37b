// Fixes that the check offers: shown with the lines that they change, previewed all together, and downloaded or copied as
// a correct file.

import { readFile } from 'node:fs/promises'
import { type Page } from '@playwright/test'
import { expectAccessible } from '../fixtures/axe.ts'
import { createRuntime, freshId, hydrated } from '../fixtures/console.ts'
import { file, packageOf, sorterManifest } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

const wrong = sorterManifest('fixes').replace('exitpoint: answer', 'exitpoint: anwser # answers')
const right = sorterManifest('fixes').replace('exitpoint: answer', 'exitpoint: answer # answers')

async function choose(page: Page, chosen: ReturnType<typeof file>): Promise<void> {
  await hydrated(page)
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('link', { name: 'Add version' }).click()
  await (await chooser).setFiles(chosen)
}

for (const chosen of [file('krt.yml', wrong), packageOf(wrong, 'fixes.krt')]) {
  test(`the fix of ${chosen.name} is shown and downloaded, and nothing else changes`, async ({ page }) => {
    await createRuntime(page, freshId('fix'))
    await choose(page, chosen)
    const report = page.getByRole('region', { name: `Check results for ${chosen.name}` })
    await expect(report.locator('.report-diff del')).toContainText('exitpoint: anwser # answers')
    await expect(report.locator('.report-diff ins')).toContainText('exitpoint: answer # answers')
    const download = page.waitForEvent('download')
    await report.getByRole('link', { name: 'Download fixed krt.yml' }).click()
    const saved = await download
    expect(saved.suggestedFilename()).toBe('krt.yml')
    const text = await readFile(await saved.path(), 'utf8')
    expect(text).toBe(right)
    await page.getByRole('button', { name: 'Discard' }).click()
    await choose(page, file('krt.yml', text))
    await expect(page.getByRole('region', { name: 'Check results for krt.yml' })).toContainText('no problems')
  })
}

test('the preview shows the report of the fixed manifest, checked against its package', async ({ page }) => {
  await createRuntime(page, freshId('seen'))
  // The comment keeps the fixture from packing the file that the manifest names here.
  const manifest = wrong.replace('src: bin/counter', 'src: bin/Counter # counts')
  await choose(page, packageOf(manifest, 'seen.krt', [{ path: 'bin/counter', content: 'counts' }]))
  const report = page.getByRole('region', { name: 'Check results for seen.krt' })
  await expect(report).toContainText('2 errors')
  await expect(report).toContainText('Both problems can be fixed automatically')
  await expect(report).toContainText('Replace krt.yml in your project with the fixed file')
  const button = report.getByRole('button', { name: /^(Preview fix|Show original)$/ })
  await expect(button).toHaveText('Preview fix')
  await button.click()
  await expect(report).toContainText(/After fixes:\s*✓ no problems/)
  await expect(report.getByRole('img', { name: /Workflow sorting/ })).toBeVisible()
  await expect(button).toHaveText('Show original')
  await expect(button).toBeFocused()
  await expectAccessible(page)
  await button.click()
  await expect(report).toContainText('2 errors')
  await expect(report).not.toContainText('After fixes')
  await expect(button).toHaveText('Preview fix')
})

test('the fixed manifest is copied, with a message when the browser blocks it', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await createRuntime(page, freshId('copy'))
  await choose(page, file('mine.yml', wrong))
  const report = page.getByRole('region', { name: 'Check results for mine.yml' })
  await expect(report.getByRole('link', { name: 'Download fixed mine.yml' })).toHaveAttribute('download', 'mine.yml')
  const button = report.getByRole('button', { name: 'Copy fixed manifest' })
  await button.click()
  await expect(report.getByRole('status')).toHaveText('Copied.')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(right)
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('no'))
  })
  await button.click()
  await expect(report.getByRole('status')).toHaveText(/blocked copying/)
})

test('a rule opens in a new tab, and the report stays', async ({ page, context }) => {
  await createRuntime(page, freshId('rule'))
  await choose(page, file('krt.yml', wrong))
  const opened = context.waitForEvent('page')
  await page.getByRole('link', { name: 'exitpoint-unknown' }).click()
  const rule = await opened
  await expect(rule.getByRole('heading', { level: 1, name: 'exitpoint-unknown' })).toBeVisible()
  await rule.close()
  await expect(page.getByRole('region', { name: 'Check results for krt.yml' })).toContainText('1 error')
})
