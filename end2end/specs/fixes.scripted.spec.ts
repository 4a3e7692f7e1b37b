// Mends that the check offers: shown with the lines that they change, looked at all together, saved and copied as a file
// that is right.

import { readFile } from 'node:fs/promises'
import { type Page } from '@playwright/test'
import { expectAccessible } from '../fixtures/axe.ts'
import { createRuntime, freshId, hydrated } from '../fixtures/console.ts'
import { file, packageOf, sorterManifest } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

const wrong = sorterManifest('mends').replace('exitpoint: answer', 'exitpoint: anwser # answers')
const right = sorterManifest('mends').replace('exitpoint: answer', 'exitpoint: answer # answers')

async function choose(page: Page, chosen: ReturnType<typeof file>): Promise<void> {
  await hydrated(page)
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('link', { name: 'Add version' }).click()
  await (await chooser).setFiles(chosen)
}

for (const chosen of [file('krt.yml', wrong), packageOf(wrong, 'mends.krt')]) {
  test(`what would mend ${chosen.name} is shown, and saved with all else as it was`, async ({ page }) => {
    await createRuntime(page, freshId('mend'))
    await choose(page, chosen)
    const report = page.getByRole('region', { name: `Check of ${chosen.name}` })
    await expect(report.locator('.report-diff del')).toContainText('exitpoint: anwser # answers')
    await expect(report.locator('.report-diff ins')).toContainText('exitpoint: answer # answers')
    const download = page.waitForEvent('download')
    await report.getByRole('link', { name: 'Save the mended krt.yml' }).click()
    const saved = await download
    expect(saved.suggestedFilename()).toBe('krt.yml')
    const text = await readFile(await saved.path(), 'utf8')
    expect(text).toBe(right)
    await page.getByRole('button', { name: 'Put away' }).click()
    await choose(page, file('krt.yml', text))
    await expect(page.getByRole('region', { name: 'Check of krt.yml' })).toContainText('no problems')
  })
}

test('what the mended manifest says is seen at once, held against the package that it belongs to', async ({ page }) => {
  await createRuntime(page, freshId('seen'))
  // A comment keeps the fixture from packing what the manifest names here.
  const manifest = wrong.replace('src: bin/counter', 'src: bin/Counter # counts')
  await choose(page, packageOf(manifest, 'seen.krt', [{ path: 'bin/counter', content: 'counts' }]))
  const report = page.getByRole('region', { name: 'Check of seen.krt' })
  await expect(report).toContainText('2 errors')
  await expect(report).toContainText('2 of 2 problems can be mended')
  await expect(report).toContainText('The package itself stays as it is')
  const button = report.getByRole('button', { name: /^Show / })
  await expect(button).toHaveText('Show it mended')
  await button.click()
  await expect(report).toContainText(/As mended:\s*✓ no problems/)
  await expect(report.getByRole('img', { name: /Workflow sorting/ })).toBeVisible()
  await expect(button).toHaveText('Show the original')
  await expect(button).toBeFocused()
  await expectAccessible(page)
  await button.click()
  await expect(report).toContainText('2 errors')
  await expect(report).not.toContainText('As mended')
  await expect(button).toHaveText('Show it mended')
})

test('the mended manifest is copied, and it is said when the browser does not let it be', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await createRuntime(page, freshId('copy'))
  await choose(page, file('mine.yml', wrong))
  const report = page.getByRole('region', { name: 'Check of mine.yml' })
  await expect(report.getByRole('link', { name: 'Save the mended mine.yml' })).toHaveAttribute('download', 'mine.yml')
  const button = report.getByRole('button', { name: 'Copy it' })
  await button.click()
  await expect(report.getByRole('status')).toHaveText('Copied.')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(right)
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('no'))
  })
  await button.click()
  await expect(report.getByRole('status')).toHaveText(/did not let it be copied/)
})

test('a rule is read in a tab of its own, and the report is still there', async ({ page, context }) => {
  await createRuntime(page, freshId('rule'))
  await choose(page, file('krt.yml', wrong))
  const opened = context.waitForEvent('page')
  await page.getByRole('link', { name: 'exitpoint-unknown' }).click()
  const rule = await opened
  await expect(rule.getByRole('heading', { level: 1, name: 'exitpoint-unknown' })).toBeVisible()
  await rule.close()
  await expect(page.getByRole('region', { name: 'Check of krt.yml' })).toContainText('1 error')
})
