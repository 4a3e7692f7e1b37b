// Coming to another page without a load: the focus is where the page begins, and its title is said.

import { addVersion, createRuntime, freshId, hydrated } from '../fixtures/console.ts'
import { greeter } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

test('who follows links by keyboard arrives at the heading of each page and hears its title', async ({ page }) => {
  const runtime = freshId('heard')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'one', greeter('one'))
  await page.goto('/runtimes')
  await hydrated(page)
  // A page that was loaded is left as the browser gives it.
  await expect(page.locator('h1')).not.toBeFocused()
  const said = page.locator('.unseen[role=status]')

  await page.getByRole('link', { name: `Runtime ${runtime}` }).press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: `Runtime ${runtime}` })).toBeFocused()
  await expect(said).toHaveText(`Runtime ${runtime} · KRT Console`)
  await page.getByRole('link', { name: 'one', exact: true }).press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'one' })).toBeFocused()
  await expect(said).toHaveText('one · KRT Console')

  // A tab that was followed stays, and keeps the focus.
  const log = page.getByRole('link', { name: 'Log', exact: true })
  await log.press('Enter')
  await expect(said).toHaveText('one · Log · KRT Console')
  await expect(log).toBeFocused()

  // Going back, nothing that had the focus is left.
  await page.goBack()
  await page.goBack()
  await expect(page.getByRole('heading', { level: 1, name: `Runtime ${runtime}` })).toBeFocused()
})
