// A phone, 360 pixels wide: what one came for is on the first screen.

import { addVersion, createRuntime, freshId } from '../fixtures/console.ts'
import { greeter } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

test.use({ viewport: { width: 360, height: 760 } })

test('on a phone the tabs are all in sight and come before the facts; what can be done is at the thumb', async ({ page }) => {
  const runtime = freshId('phone')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'one', greeter('one'))
  await page.goto(`/runtimes/${runtime}/versions/one/history`)
  for (const tab of ['Workflows', 'Configuration', 'Log', 'Objects', 'Manifest', 'History']) {
    await expect(page.getByRole('navigation', { name: 'Version' }).getByRole('link', { name: tab })).toBeInViewport({ ratio: 1 })
  }
  const top = async (selector: string) => (await page.locator(selector).first().boundingBox())!.y
  expect(await top('.tabs')).toBeLessThan(260)
  expect(await top('.facts')).toBeGreaterThan(await top('.version-main .card'))
  await expect(page.getByRole('region', { name: 'Actions' }).getByRole('link', { name: 'Start', exact: true })).toBeInViewport({ ratio: 1 })
})
