// Client-side navigation: the focus moves to the heading of the new page, and its title is announced.

import { addVersion, createRuntime, freshId, hydrated } from '../fixtures/console.ts'
import { greeter } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

test('following links by keyboard focuses the heading of each page and announces its title', async ({ page }) => {
  const runtime = freshId('heard')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'one', greeter('one'))
  await page.goto('/runtimes')
  await hydrated(page)
  // After a full page load, the browser sets the focus.
  await expect(page.locator('h1')).not.toBeFocused()
  const announced = page.locator('.unseen[role=status]')

  await page.getByRole('link', { name: `Runtime ${runtime}` }).press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: `Runtime ${runtime}` })).toBeFocused()
  await expect(announced).toHaveText(`Runtime ${runtime} · KRT Console`)
  await page.getByRole('link', { name: 'one', exact: true }).press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'one' })).toBeFocused()
  await expect(announced).toHaveText('one · KRT Console')

  // The link of a tab stays on the page and keeps the focus.
  const log = page.getByRole('link', { name: 'Logs', exact: true })
  await log.press('Enter')
  await expect(announced).toHaveText('one · Logs · KRT Console')
  await expect(log).toBeFocused()

  // After going back, the element that had the focus is gone.
  await page.goBack()
  await page.goBack()
  await expect(page.getByRole('heading', { level: 1, name: `Runtime ${runtime}` })).toBeFocused()
})
