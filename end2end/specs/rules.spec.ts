// The rule pages: linked from problems, readable without signing in, with suggestions for unknown codes.

import { readFile } from 'node:fs/promises'
import { createRuntime, freshId } from '../fixtures/console.ts'
import { packageOf, sorterManifest } from '../fixtures/package.ts'
import { expect, isScripted, test } from '../fixtures/test.ts'

test('a problem of a refused upload links to the page of its rule', async ({ page, clean }) => {
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

test('a refused upload shows the lines of the fix, also without scripts', async ({ page, clean }) => {
  clean.expect(422)
  const runtime = freshId('fixes')
  await createRuntime(page, runtime)
  await page.goto(`/runtimes/${runtime}/new-version`)
  const manifest = sorterManifest('fixes').replace('exitpoint: answer', 'exitpoint: anwser')
  await page.getByLabel('KRT package').setInputFiles(packageOf(manifest, 'fixes.krt'))
  await page.getByRole('button', { name: 'Upload version' }).click()
  await expect(page.locator('.report-diff ins')).toContainText('exitpoint: answer')
  // The download comes from the response itself, without another request.
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download fixed krt.yml' }).click()
  const saved = await download
  expect(saved.suggestedFilename()).toBe('krt.yml')
  expect(await readFile(await saved.path(), 'utf8')).toBe(sorterManifest('fixes'))
  // Buttons that need scripts exist only with scripts.
  await expect(page.getByRole('button', { name: 'Preview fix' })).toHaveCount(isScripted() ? 1 : 0)
  await expect(page.getByRole('button', { name: 'Copy fixed manifest' })).toHaveCount(isScripted() ? 1 : 0)
})

test('the rules are linked from every page, can be searched, and link back', async ({ page }) => {
  await page.goto('/runtimes')
  await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Rules' }).click()
  await expect(page).toHaveTitle('Rules · KRT Console')
  await page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: 'Workflows and nodes' }).click()
  await expect(page).toHaveURL('/rules#graph')
  await expect(page.getByRole('heading', { level: 2, name: 'Workflows and nodes' })).toBeInViewport()
  await page.getByLabel('Search rules').fill('exitpoint unknown')
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(page).toHaveURL('/rules?q=exitpoint+unknown')
  await expect(page.getByLabel('Search rules')).toHaveValue('exitpoint unknown')
  await expect(page.getByRole('heading', { level: 1, name: 'Rules' })).toBeFocused()
  await expect(page.getByRole('link', { name: 'name-form', exact: true })).toHaveCount(0)
  await page.getByRole('link', { name: 'exitpoint-unknown', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'exitpoint-unknown' })).toBeVisible()
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Workflows and nodes' }).click()
  await expect(page).toHaveURL('/rules#graph')
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Runtimes' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Runtimes' })).toBeVisible()
})

test('the list links to every rule, and a rule links back to the list', async ({ page }) => {
  await page.goto('/rules')
  await page.getByRole('link', { name: 'name-form', exact: true }).click()
  await expect(page).toHaveTitle('name-form · KRT Console')
  await expect(page.getByText('error[name-form]: the workflow name')).toBeVisible()
  await page.getByRole('link', { name: 'All rules' }).click()
  await expect(page).toHaveTitle('Rules · KRT Console')
})
