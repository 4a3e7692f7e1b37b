// The tabs of a version: the uploaded package, the running objects, and the logs.

import { createHash } from 'node:crypto'
import { act, addVersion, createRuntime, eventually, expectStatus, freshId, hydrated } from '../fixtures/console.ts'
import { greeter, greeterManifest } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

test('manifest and package are shown and downloaded as they were uploaded', async ({ page }) => {
  const runtime = freshId('files')
  await createRuntime(page, runtime)
  const uploaded = greeter('kept')
  await addVersion(page, runtime, 'kept', uploaded)
  await page.goto(`/runtimes/${runtime}/versions/kept/manifest`)
  await expect(page.getByRole('list', { name: 'krt.yml' })).toContainText('description: Says hello and goodbye.')
  await expect(page.getByRole('row', { name: /src\/greeter\/main\.py/ })).toBeVisible()

  const download = async (name: string) => {
    const href = await page.getByRole('link', { name }).getAttribute('href')
    const response = await page.request.get(href ?? '')
    expect(response.headers()['content-disposition']).toContain('attachment')
    return await response.body()
  }
  expect((await download('krt.yml')).toString()).toBe(greeterManifest('kept'))
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
  expect(hash(await download('kept.krt'))).toBe(hash(uploaded.buffer))
})

test('objects show what runs, and the log is kept after the stop', async ({ page }) => {
  test.setTimeout(180_000)
  const runtime = freshId('objects')
  const version = `/runtimes/${runtime}/versions/runs`
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'runs', greeter('runs'))
  await page.goto(`${version}/objects`)
  await expect(page.getByRole('heading', { name: 'Nothing in the cluster' })).toBeVisible()

  await page.goto(version)
  await hydrated(page)
  await act(page, 'Start', 'For the objects')
  await expectStatus(page, 'started')
  await page.goto(`${version}/objects`)
  const deployment = page.getByRole('group').filter({ hasText: 'Deployment' }).filter({ hasText: 'greeting' }).first()
  await deployment.locator('summary').click()
  await expect(deployment.locator('pre')).toContainText('kind: Deployment')
  await expect(deployment.locator('pre')).toContainText('konstellation/kre-py:latest')

  await page.goto(version)
  await hydrated(page)
  await act(page, 'Stop', 'Seen')
  await expectStatus(page, 'stopped')
  await page.goto(`${version}/log`)
  await eventually(page, async (timeout) => {
    await expect(page.getByRole('group', { name: 'Log of greeting / greeter' })).toContainText(/INFO/, { timeout })
  })
  await page.goto(`${version}/history`)
  await expect(page.getByRole('row', { name: /Seen/ })).toBeVisible()
})

test.describe('in a large window', () => {
  test.use({ viewport: { width: 1440, height: 900 } })

  test('a short page of a version does not scroll', async ({ page }) => {
    const runtime = freshId('short')
    await createRuntime(page, runtime)
    await addVersion(page, runtime, 'one', greeter('one'))
    await page.goto(`/runtimes/${runtime}/versions/one/log`)
    await expect(page.getByRole('heading', { name: 'No logs yet' })).toBeVisible()
    await hydrated(page)
    expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0)
  })
})
