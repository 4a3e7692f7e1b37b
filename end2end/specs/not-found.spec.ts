// Unknown URLs.

import { createRuntime, freshId } from '../fixtures/console.ts'
import { expect, test } from '../fixtures/test.ts'

test('an unknown page says so, with status 404 and a link to continue', async ({ page, clean }) => {
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
