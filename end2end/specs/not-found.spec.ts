// Addresses that lead nowhere.

import { createRuntime, freshId } from '../fixtures/console.ts'
import { expect, test } from '../fixtures/test.ts'

test('a page that does not exist says so, with the right status and a way on', async ({ page, clean }) => {
  clean.expect(404)
  const runtime = freshId('lost')
  await createRuntime(page, runtime)
  for (const path of ['/nowhere', '/runtimes/nobody', `/runtimes/${runtime}/versions/nothing`, `/runtimes/${runtime}/versions/nothing/log`]) {
    const response = await page.goto(path)
    expect(response?.status(), path).toBe(404)
    await expect(page.getByRole('main')).toContainText(/no|not/i)
    await expect(page.getByRole('link', { name: /runtimes/i }).first()).toBeVisible()
  }
})
