// Unsaved configuration: kept during navigation within the console; the browser asks before the page is unloaded.

import { addVersion, createRuntime, freshId, hydrated } from '../fixtures/console.ts'
import { sorter } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

test('unsaved values are restored after navigating elsewhere and back', async ({ page }) => {
  const runtime = freshId('draft')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'asks', sorter('asks'))
  const tab = `/runtimes/${runtime}/versions/asks/configuration`
  await page.goto(tab)
  await hydrated(page)
  const card = '  first\n\nlast\n'
  await page.getByLabel('EARLY_REPLY').fill('typed')
  await page.getByLabel('MODEL_CARD').fill(card)
  const tabs = page.getByRole('navigation', { name: 'Version' })
  await expect(tabs.getByRole('link', { name: 'Configuration not saved' })).toBeVisible()
  await expect(page.getByText('Not saved yet')).toBeVisible()

  // To another tab, to another page, and back with the browser's back button.
  await tabs.getByRole('link', { name: 'Logs' }).click()
  await expect(page.getByRole('heading', { name: 'No logs yet' })).toBeVisible()
  // Where there is no room, the bar does not show the runtime; the card of the version does.
  await page.locator(`a[href="/runtimes/${runtime}"]:visible`).first().click()
  await expect(page.getByRole('heading', { level: 1, name: `Runtime ${runtime}` })).toBeVisible()
  await page.goBack()
  await tabs.getByRole('link', { name: 'Configuration not saved' }).click()
  await expect(page.getByLabel('EARLY_REPLY')).toHaveValue('typed')
  await expect(page.getByLabel('MODEL_CARD')).toHaveValue(card)

  await page.getByRole('button', { name: 'Save configuration' }).click()
  await expect(page.getByRole('main')).toContainText('All values are set.')
  await expect(tabs.getByRole('link', { name: 'Configuration', exact: true })).toBeVisible()
  await page.reload()
  await hydrated(page)
  await expect(page.getByLabel('MODEL_CARD')).toHaveValue(card)
})

test('the browser asks before unsaved values are lost, and not after they were discarded', async ({ page }) => {
  const runtime = freshId('asked')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'asks', sorter('asks'))
  await page.goto(`/runtimes/${runtime}/versions/asks/configuration`)
  await hydrated(page)
  const questions: string[] = []
  page.on('dialog', (dialog) => {
    questions.push(dialog.type())
    void dialog.dismiss()
  })
  await page.getByLabel('EARLY_REPLY').pressSequentially('typed')
  await page.evaluate(() => location.reload())
  await expect.poll(() => questions).toEqual(['beforeunload'])
  await expect(page.getByLabel('EARLY_REPLY')).toHaveValue('typed')

  await page.getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByLabel('EARLY_REPLY')).toHaveValue('')
  await expect(page.getByText('not saved')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Discard' })).toBeFocused()
  await page.reload()
  await hydrated(page)
  expect(questions).toEqual(['beforeunload'])
})
