// The configuration of a version: required before the start, masked, stored as typed.

import { act, actions, addVersion, createRuntime, expectStatus, freshId, hydrated } from '../fixtures/console.ts'
import { sorter } from '../fixtures/package.ts'
import { expect, isScripted, test } from '../fixtures/test.ts'

test('a version starts only once its configuration is complete, and keeps values exactly as typed', async ({ page }) => {
  const runtime = freshId('config')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'asks', sorter('asks'))
  await actions(page).getByRole('link', { name: 'set these first: EARLY_REPLY, MODEL_CARD' }).click()
  await expect(page).toHaveURL(`/runtimes/${runtime}/versions/asks/configuration#value-EARLY_REPLY`)
  await expect(page.getByLabel('EARLY_REPLY')).toBeVisible()

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

test('a value that contradicts its box is refused at its field, and nothing is lost', async ({ page, clean }) => {
  clean.expect(422)
  const runtime = freshId('both')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'asks', sorter('asks'))
  await page.goto(`/runtimes/${runtime}/versions/asks/configuration`)
  await hydrated(page)
  const value = page.getByLabel('EARLY_REPLY')
  const box = page.getByLabel('Leave empty on purpose').first()
  await value.fill('true')
  await box.check()
  await page.getByLabel('MODEL_CARD').fill('a card')
  await page.getByRole('button', { name: 'Save configuration' }).click()
  await expect(page.locator('#error-value-EARLY_REPLY')).toHaveText('Enter a value or tick the box, not both.')
  await expect(value).toHaveValue('true')
  await expect(box).toBeChecked()
  await expect(page.getByLabel('MODEL_CARD')).toHaveValue('a card')
  if (isScripted()) await expect(value).toBeFocused()
  await box.uncheck()
  await page.getByRole('button', { name: 'Save configuration' }).click()
  await expect(page.getByRole('main')).toContainText('All values are set.')
})
