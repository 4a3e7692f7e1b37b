// Creating runtimes: uniqueness, proposals, and typed values that are kept.

import { createRuntime, freshId, hydrated } from '../fixtures/console.ts'
import { expect, isScripted, test } from '../fixtures/test.ts'

test('a runtime is created by its form and listed', async ({ page }) => {
  const id = freshId('made')
  await createRuntime(page, id, `Made ${id}`)
  await expect(page.getByRole('main')).toContainText(`kre-${id}`)
  await expect(page.getByRole('heading', { name: 'No versions yet' })).toBeVisible()
  await page.goto('/runtimes')
  const card = page.getByRole('listitem').filter({ hasText: `Made ${id}` })
  await expect(card).toContainText('Nothing published')
  await card.getByRole('link').click()
  await expect(page).toHaveURL(`/runtimes/${id}`)
})

test('ID, name and namespace are unique; errors are shown at their fields and typed values are kept', async ({ page, clean }) => {
  const id = freshId('twice')
  await createRuntime(page, id, `Twice ${id}`)
  clean.expect(409, 422)
  await page.goto('/runtimes/new')
  await hydrated(page)
  await page.getByLabel('Name', { exact: true }).fill(`twice ${id}`)
  await page.getByLabel('ID', { exact: true }).fill(id)
  await page.getByLabel('Description').fill('A second one.\nOn two lines.')
  await page.getByRole('button', { name: 'Create runtime' }).click()
  await expect(page.locator('#error-name')).not.toBeEmpty()
  await expect(page.locator('#error-id')).not.toBeEmpty()
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(`twice ${id}`)
  await expect(page.getByLabel('ID', { exact: true })).toHaveValue(id)
  await expect(page.getByLabel('Description')).toHaveValue('A second one.\nOn two lines.')
  await expect(page).toHaveURL('/runtimes/new')
})

test('an empty ID is derived from the name', async ({ page }) => {
  const id = freshId('named')
  await page.goto('/runtimes/new')
  await hydrated(page)
  await page.getByLabel('Name', { exact: true }).fill(id.toUpperCase())
  await page.getByLabel('ID', { exact: true }).fill('')
  await page.getByRole('button', { name: 'Create runtime' }).click()
  await page.waitForURL(`**/runtimes/${id}`)
})

test('a value that is too long is not cut, and its field says so', async ({ page, clean }) => {
  clean.expect(422)
  await page.goto('/runtimes/new')
  await hydrated(page)
  const name = page.getByLabel('Name', { exact: true })
  await name.fill('x'.repeat(70))
  await expect(name).toHaveValue('x'.repeat(70))
  if (!isScripted()) await page.getByRole('button', { name: 'Create runtime' }).click()
  await expect(page.locator('#error-name')).toHaveText('70 characters; the limit is 60.')
  await expect(name).toHaveValue('x'.repeat(70))
  if (!isScripted()) return
  await name.fill('x'.repeat(50))
  await expect(page.locator('#error-name')).toBeEmpty()
  await expect(page.locator('#hint-name')).toContainText('50 of 60')
})

test('an ID that Kubernetes would reject is refused with a message', async ({ page, clean }) => {
  clean.expect(422)
  await page.goto('/runtimes/new')
  await hydrated(page)
  await page.getByLabel('Name', { exact: true }).fill('Not good')
  await page.getByLabel('ID', { exact: true }).fill('Not_Good')
  await page.getByRole('button', { name: 'Create runtime' }).click()
  await expect(page.locator('#error-id')).not.toBeEmpty()
  // With JavaScript, the first wrong field gets the focus.
  if (isScripted()) await expect(page.getByLabel('ID', { exact: true })).toBeFocused()
})
