// The values that a version asks for: required before its start, masked, kept as typed.

import { act, actions, addVersion, createRuntime, expectStatus, freshId, hydrated } from '../fixtures/console.ts'
import { sorter } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

test('a version starts only once its configuration is complete, and keeps values exactly as typed', async ({ page }) => {
  const runtime = freshId('config')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'asks', sorter('asks'))
  await expect(actions(page)).toContainText('fill in its configuration first: EARLY_REPLY, MODEL_CARD')

  const tab = `/runtimes/${runtime}/versions/asks/configuration`
  await page.goto(tab)
  await hydrated(page)
  const card = '\n  first: line\n\ttabbed  \n\n'
  await page.getByLabel('EARLY_REPLY').fill(' true ')
  await page.getByLabel('MODEL_CARD').fill(card)
  await page.getByRole('button', { name: 'Save configuration' }).click()
  await expect(page.getByRole('main')).toContainText('Everything it declares has a value.')

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
  // While it runs, its pods have the values that they were started with.
  await page.goto(tab)
  await expect(page.getByRole('button', { name: 'Save configuration' })).toBeHidden()
})
