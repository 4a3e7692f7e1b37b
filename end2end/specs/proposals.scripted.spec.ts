// The proposals in the form of a new runtime while the user types.

import { hydrated } from '../fixtures/console.ts'
import { expect, test } from '../fixtures/test.ts'

test('the ID and the namespace follow the name until the user edits them', async ({ page }) => {
  await page.goto('/runtimes/new')
  await hydrated(page)
  await page.getByLabel('Name', { exact: true }).fill('Größe & Preis')
  await expect(page.getByLabel('ID', { exact: true })).not.toHaveValue('')
  const proposed = await page.getByLabel('ID', { exact: true }).inputValue()
  await expect(page.getByLabel('Kubernetes namespace')).toHaveValue(`kre-${proposed}`)
  await page.getByLabel('ID', { exact: true }).fill('mine')
  await page.getByLabel('Name', { exact: true }).fill('Something else')
  await expect(page.getByLabel('ID', { exact: true })).toHaveValue('mine')
  await expect(page.getByLabel('Kubernetes namespace')).toHaveValue('kre-mine')
})
