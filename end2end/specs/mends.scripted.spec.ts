// Mends that the check offers: shown with the lines that they change, and saved as a file that is right.

import { readFile } from 'node:fs/promises'
import { type Page } from '@playwright/test'
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
