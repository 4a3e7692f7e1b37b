// Paged lists, and versions that are too large to draw: the same with and without JavaScript.

import { type Page } from '@playwright/test'
import { addVersion, createRuntime, freshId, hydrated } from '../fixtures/console.ts'
import { greeter, packageOf } from '../fixtures/package.ts'
import { expect, isScripted, test } from '../fixtures/test.ts'

/** Uploads a version by request, without its page. */
async function send(page: Page, runtime: string, buffer: Buffer): Promise<void> {
  const answer = await page.request.post(`/runtimes/${runtime}/new-version`, {
    headers: { accept: 'application/json', origin: new URL(page.url()).origin },
    multipart: { reason: 'One of many', package: { name: 'many.krt', mimeType: 'application/gzip', buffer } },
  })
  expect(answer.status(), await answer.text()).toBe(201)
}

function manyNodes(version: string, count: number): Buffer {
  const node = (number: number) =>
    `      - name: n${number}\n        image: konstellation/kre-py:latest\n        src: main.py\n        subscriptions: [${number === 0 ? 'entrypoint' : `n${number - 1}`}]\n`
  const nodes = Array.from({ length: count }, (_, number) => node(number)).join('')
  const manifest = `krtVersion: v2\nversion: ${version}\ndescription: A long chain.\nentrypoint:\n  proto: public_input.proto\n  image: konstellation/kre-entrypoint:latest\nworkflows:\n  - name: chain\n    entrypoint: Go\n    exitpoint: n${count - 1}\n    nodes:\n${nodes}`
  return packageOf(manifest, `${version}.krt`).buffer
}

test('versions are listed in pages, filtered on the server, and linked', async ({ page }) => {
  const runtime = freshId('many')
  await createRuntime(page, runtime)
  for (let number = 0; number < 103; number += 1) await send(page, runtime, greeter(`v${number}`).buffer)
  await page.goto(`/runtimes/${runtime}`)
  await hydrated(page)
  const rows = page.getByRole('table', { name: 'Versions' }).locator('tbody tr')
  await expect(rows).toHaveCount(100)
  await expect(rows.first()).toContainText('v102')
  await page.getByRole('link', { name: 'Older' }).click()
  await expect(page).toHaveURL(/before=v3/)
  await expect(rows).toHaveCount(3)
  await expect(rows.last()).toContainText('v0')
  await page.getByRole('link', { name: 'Newest' }).click()
  await expect(rows).toHaveCount(100)
  // The filter also finds names on other pages.
  const filter = page.getByLabel('Filter by name')
  await filter.fill('v2')
  if (!isScripted()) await filter.press('Enter')
  await expect(page).toHaveURL(/name=v2/)
  await expect(rows).toHaveCount(11)
  await expect(filter).toHaveValue('v2')
  if (isScripted()) await expect(filter).toBeFocused()
  await expect(rows.last()).toContainText('v2')
})

test('a version with a thousand nodes has a list and a separate graph', async ({ page }) => {
  const runtime = freshId('large')
  await createRuntime(page, runtime)
  await send(page, runtime, manyNodes('chain', 1_000))
  await page.goto(`/runtimes/${runtime}/versions/chain`)
  await hydrated(page)
  const nodes = page.getByRole('region', { name: 'Nodes' })
  await expect(nodes).toContainText('This version has 1000 nodes in 1 workflow')
  await expect(page.getByRole('heading', { name: 'Lifecycle' })).toBeVisible()
  const rows = nodes.getByRole('table', { name: 'Nodes' }).locator('tbody tr')
  await expect(rows).toHaveCount(200)
  await nodes.getByRole('link', { name: 'Next page' }).click()
  await expect(page).toHaveURL(/from=200/)
  await expect(rows.first()).toContainText('chain / n200')
  expect((await page.content()).length).toBeLessThan(1_000_000)
  const picture = await page.request.get((await nodes.getByRole('link', { name: 'chain' }).getAttribute('href')) ?? '')
  expect(picture.headers()['content-type']).toBe('image/svg+xml')
  expect((await picture.text()).match(/<rect/g)?.length).toBe(1_002)
})

test('read-only tabs are complete, and reload by their links', async ({ page }) => {
  const runtime = freshId('shown')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'one', greeter('one'))
  await hydrated(page)
  await page.getByRole('link', { name: 'Manifest' }).click()
  await expect(page.getByRole('list', { name: 'krt.yml' })).toContainText('description: Says hello and goodbye.')
  await page.getByRole('link', { name: 'Logs', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'No logs yet' })).toBeVisible()
  await page.getByRole('link', { name: 'Objects' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing in the cluster' })).toBeVisible()
  await page.goto(`/runtimes/${runtime}/versions/one/manifest`)
  await hydrated(page)
  await expect(page.getByRole('row', { name: /src\/greeter\/main\.py/ })).toBeVisible()
})
