// The audit log: who did what to which version, and why.

import { act, addVersion, createRuntime, expectStatus, freshId, hydrated } from '../fixtures/console.ts'
import { greeter } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

test('the audit log has every action with user, statuses and reason, and what the system did', async ({ page }) => {
  const runtime = freshId('audit')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'logged', greeter('logged'))
  await hydrated(page)
  await act(page, 'Start', 'To be logged <b>&')
  await expectStatus(page, 'started')

  await page.goto(`/audit?runtime=${runtime}`)
  const rows = page.getByRole('table').locator('tbody tr')
  await expect(rows).toHaveCount(4)
  // Newest first.
  await expect(rows.nth(0)).toContainText('system')
  await expect(rows.nth(0)).toContainText('All processes ready')
  await expect(rows.nth(0)).toContainText('caused by entry')
  await expect(rows.nth(1)).toContainText('Start')
  await expect(rows.nth(1)).toContainText('stopped')
  await expect(rows.nth(1)).toContainText('To be logged <b>&')
  await expect(rows.nth(2)).toContainText('Uploaded logged.krt')
  await expect(rows.nth(3)).toContainText('Runtime created')
})

test('the filter is a form whose values are in the URL', async ({ page }) => {
  const runtime = freshId('filter')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'kept', greeter('kept'))
  await page.goto('/audit')
  await hydrated(page)
  await page.getByLabel('What').selectOption({ label: 'Version added' })
  await page.getByLabel('Runtime', { exact: true }).selectOption(runtime)
  await page.getByRole('button', { name: 'Filter' }).click()
  await expect(page).toHaveURL(new RegExp(`kind=create.*runtime=${runtime}`))
  await expect(page.getByRole('table').locator('tbody tr')).toHaveCount(1)
  await expect(page.getByLabel('What')).toHaveValue('create')
  await page.goto(`/audit?runtime=${runtime}&version=nothing`)
  await expect(page.getByRole('main')).toContainText('No entries match this filter.')
})
