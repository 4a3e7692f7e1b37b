// The configuration of a version: required before the start, masked, stored as typed.

import { act, actions, addVersion, createRuntime, expectStatus, freshId, hydrated } from '../fixtures/console.ts'
import { sorter } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

test('a version starts only once its configuration is complete, and keeps values exactly as typed', async ({ page }) => {
  const runtime = freshId('config')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'asks', sorter('asks'))
  await expect(actions(page)).toContainText('set these first: EARLY_REPLY, MODEL_CARD')

  const tab = `/runtimes/${runtime}/versions/asks/configuration`
  await page.goto(tab)
  await hydrated(page)
  const card = '\n  first: line\n\ttabbed  \n\n'
  await page.getByLabel('EARLY_REPLY').fill(' true ')
  await page.getByLabel('MODEL_CARD').fill(card)
  await page.getByRole('button', { name: 'Save configuration' }).click()
  await expect(page.getByRole('main')).toContainText('All values are set.')

  await page.goto(tab)
  await expect(page.getByLabel('EARLY_REPLY')).toHaveAttribute('type', 'password')
  await page.getByRole('link', { name: 'Show values' }).click()
  await expect(page.getByLabel('EARLY_REPLY')).toHaveAttribute('type', 'text')
  await expect(page.getByLabel('EARLY_REPLY')).toHaveValue(' true ')
  await expect(page.getByLabel('MODEL_CARD')).toHaveValue(card)

  await page.goto(`/runtimes/${runtime}/versions/asks`)
  await hydrated(page)
  await act(page, 'Start', 'Configured')
  await expectStatus(page, 'started')
  // A running version keeps the values with which it was started, so the form is locked.
  await page.goto(tab)
  await expect(page.getByRole('button', { name: 'Save configuration' })).toBeHidden()
})
