// Creating runtimes: what is unique, what is proposed, and what happens to what was typed.

import { createRuntime, freshId, hydrated } from '../fixtures/console.ts'
import { expect, test } from '../fixtures/test.ts'

test('a runtime is created by its form and stands in the list', async ({ page }) => {
  const id = freshId('made')
  await createRuntime(page, id, `Made ${id}`)
  await expect(page.getByRole('main')).toContainText(`kre-${id}`)
  await expect(page.getByRole('heading', { name: 'No version yet' })).toBeVisible()
  await page.goto('/runtimes')
  const card = page.getByRole('listitem').filter({ hasText: `Made ${id}` })
  await expect(card).toContainText('Nothing published')
  await card.getByRole('link').click()
  await expect(page).toHaveURL(`/runtimes/${id}`)
})

test('ID, name and namespace are unique; errors stand beside their fields and what was typed stays', async ({ page, clean }) => {
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

test('an ID that Kubernetes would not take is refused in words', async ({ page, clean }) => {
  clean.expect(422)
  await page.goto('/runtimes/new')
  await hydrated(page)
  await page.getByLabel('Name', { exact: true }).fill('Not good')
  await page.getByLabel('ID', { exact: true }).fill('Not_Good')
  await page.getByRole('button', { name: 'Create runtime' }).click()
  await expect(page.locator('#error-id')).not.toBeEmpty()
})
