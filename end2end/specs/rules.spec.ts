// The pages of the rules: reached from a problem, read without signing in, helpful for a code that does not exist.

import { createRuntime, freshId } from '../fixtures/console.ts'
import { packageOf, sorterManifest } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

test('a problem of a refused upload leads to the page of its rule', async ({ page, clean }) => {
  clean.expect(422)
  const runtime = freshId('rules')
  await createRuntime(page, runtime)
  await page.goto(`/runtimes/${runtime}/new-version`)
  await page.getByLabel('KRT package').setInputFiles({ name: 'empty.krt', mimeType: '', buffer: Buffer.from('PK\x03\x04') })
  await page.getByRole('button', { name: 'Upload version' }).click()
  const link = page.getByRole('link', { name: 'package-not-gzip' })
  const opened = page.context().waitForEvent('page')
  await link.click()
  const rule = await opened
  await expect(rule.getByRole('heading', { level: 1, name: 'package-not-gzip' })).toBeVisible()
  await expect(rule.getByText('Pack the project with tar')).toBeVisible()
})

test('a refused upload shows the lines that would mend it, also without scripts', async ({ page, clean }) => {
  clean.expect(422)
  const runtime = freshId('mends')
  await createRuntime(page, runtime)
  await page.goto(`/runtimes/${runtime}/new-version`)
  const manifest = sorterManifest('mends').replace('exitpoint: answer', 'exitpoint: anwser')
  await page.getByLabel('KRT package').setInputFiles(packageOf(manifest, 'mends.krt'))
  await page.getByRole('button', { name: 'Upload version' }).click()
  await expect(page.locator('.report-diff ins')).toContainText('exitpoint: answer')
})

test('the list leads to every rule, and a code that does not exist to near ones', async ({ page }) => {
  await page.goto('/rules')
  await page.getByRole('link', { name: 'name-form', exact: true }).click()
  await expect(page).toHaveTitle('name-form · KRT Console')
  await expect(page.getByText('error[name-form]: the workflow name')).toBeVisible()
  await page.getByRole('link', { name: 'All rules' }).click()
  await expect(page).toHaveTitle('Rules · KRT Console')
})
