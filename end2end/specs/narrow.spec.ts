// A phone, 360 pixels wide: the important parts are on the first screen.

import { addVersion, createRuntime, freshId } from '../fixtures/console.ts'
import { greeter } from '../fixtures/package.ts'
import { expect, isScripted, test } from '../fixtures/test.ts'

test.use({ viewport: { width: 360, height: 760 } })

test('on a phone all tabs are visible above the facts, and the actions are within reach', async ({ page }) => {
  const runtime = freshId('phone')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'one', greeter('one'))
  await page.goto(`/runtimes/${runtime}/versions/one/history`)
  for (const tab of ['Workflows', 'Configuration', 'Logs', 'Objects', 'Manifest', 'History']) {
    await expect(page.getByRole('navigation', { name: 'Version' }).getByRole('link', { name: tab })).toBeInViewport({ ratio: 1 })
  }
  const top = async (selector: string) => (await page.locator(selector).first().boundingBox())!.y
  expect(await top('.tabs')).toBeLessThan(260)
  expect(await top('.facts')).toBeGreaterThan(await top('.version-main .card'))
  await expect(page.getByRole('region', { name: 'Actions' }).getByRole('link', { name: 'Start', exact: true })).toBeInViewport({ ratio: 1 })
})

test('on a phone the bar shows the way up', async ({ page }) => {
  const runtime = freshId('up')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'one', greeter('one'))
  const bar = page.getByRole('navigation', { name: 'Breadcrumb' })
  const up = bar.getByRole('link', { name: runtime })
  expect((await up.boundingBox())!.width).toBeGreaterThan(16)
  await up.click()
  await expect(page).toHaveURL(`/runtimes/${runtime}`)
  await bar.getByRole('link', { name: 'Runtimes' }).click()
  await expect(page).toHaveURL('/runtimes')
})

test('on a phone no parts of the bar overlap', async ({ page }) => {
  for (const path of ['/runtimes', '/audit', '/rules', '/rules/exitpoint-unknown']) {
    await page.goto(path)
    if (isScripted() && !path.startsWith('/rules')) await expect(page.locator('.link.live')).toBeVisible()
    const boxes = await page.locator('.top > :visible').evaluateAll((parts) =>
      parts.map((part) => [...part.querySelectorAll('a, summary'), part].map((piece) => piece.getBoundingClientRect())).map((pieces) => ({
        left: Math.min(...pieces.map((piece) => piece.left)),
        right: Math.max(...pieces.map((piece) => piece.right)),
      })),
    )
    expect(boxes.length).toBeGreaterThan(3)
    for (const [at, box] of boxes.entries()) {
      const next = boxes[at + 1]
      if (next) expect(box.right, `${path}: part ${at} of the bar`).toBeLessThanOrEqual(next.left)
    }
  }
})
