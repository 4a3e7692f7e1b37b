// Live updates of open pages: one stream for all tabs of a browser, and no requests while nothing happens.

import { type Page } from '@playwright/test'
import { act, addVersion, createRuntime, expectStatus, freshId, hydrated, side } from '../fixtures/console.ts'
import { greeter } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

/** Records the value of an expression in every painted frame, each change once. */
async function recordFrames(page: Page, say: string): Promise<() => Promise<string[]>> {
  await page.evaluate((say) => {
    const frames: string[] = []
    Object.assign(globalThis, { frames })
    const read = new Function(`return ${say}`) as () => string
    const paint = () => {
      const now = read()
      if (frames.at(-1) !== now) frames.push(now)
      requestAnimationFrame(paint)
    }
    paint()
  }, say)
  return () => page.evaluate(() => (globalThis as unknown as { frames: string[] }).frames)
}

async function startedVersion(page: Page, runtime: string, version: string): Promise<void> {
  await addVersion(page, runtime, version, greeter(version))
  await hydrated(page)
  await act(page, 'Start', 'For the stream')
  await expectStatus(page, 'started')
}

test('on start the nodes turn green one by one, without a reload', async ({ page }) => {
  const runtime = freshId('green')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'one', greeter('one'))
  await hydrated(page)
  const frames = await recordFrames(page, `[...document.querySelectorAll('.graph-node')].filter((node) => node.classList.contains('is-started')).length`)
  await act(page, 'Start', 'Watch them')
  await expectStatus(page, 'started')
  const greens = (await frames()).map(Number)
  expect(greens[0]).toBe(0)
  expect(greens.length, `numbers of green nodes: ${greens.join(', ')}`).toBeGreaterThan(2)
  expect(greens).toEqual([...greens].sort((one, other) => one - other))
  // Two workflows: each draws the entrypoint; three nodes.
  expect(greens.at(-1)).toBe(5)
})

test('on publish both versions change in one frame', async ({ page }) => {
  test.setTimeout(240_000)
  const runtime = freshId('frame')
  await createRuntime(page, runtime)
  await startedVersion(page, runtime, 'one')
  await act(page, 'Publish', 'The first')
  await expectStatus(page, 'published')
  await startedVersion(page, runtime, 'two')

  const watcher = await page.context().newPage()
  await watcher.goto(`/runtimes/${runtime}`)
  await hydrated(watcher)
  const frames = await recordFrames(watcher, `[...document.querySelectorAll('[data-status]')].map((badge) => badge.dataset.status).join(' ')`)
  await watcher.bringToFront()
  await act(page, 'Publish', 'The second')
  // Newest first: two, then one.
  const statuses = watcher.locator('[data-status]')
  await expect(statuses.first()).toHaveAttribute('data-status', 'published', { timeout: 60_000 })
  await expect(statuses.last()).toHaveAttribute('data-status', 'started')
  // Between the first and the last frame only the transition is visible, which may end before it is painted.
  const painted = async () => (await frames()).filter((frame) => frame !== 'publishing published')
  await expect.poll(painted).toEqual(['started published', 'published started'])
})

test('eight tabs of a browser follow one stream', async ({ page, context }) => {
  test.setTimeout(240_000)
  const runtime = freshId('tabs')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'one', greeter('one'))
  const streams: string[] = []
  context.on('request', (request) => {
    if (new URL(request.url()).pathname === '/events') streams.push(request.url())
  })
  const tabs: Page[] = []
  for (let tab = 0; tab < 8; tab += 1) {
    const opened = await context.newPage()
    await opened.goto(`/runtimes/${runtime}/versions/one`)
    await hydrated(opened)
    tabs.push(opened)
  }
  await page.close()
  await act(tabs[7]!, 'Start', 'In front of eight')
  for (const tab of tabs) await expectStatus(tab, 'started')
  // The reading tab may have been closed, and another one may have taken over.
  expect(streams.length).toBeLessThanOrEqual(2)

  // The reading tab closes, and another tab takes over.
  for (const tab of tabs.slice(0, 4)) await tab.close()
  await act(tabs[7]!, 'Stop', 'In front of four')
  for (const tab of tabs.slice(4)) await expectStatus(tab, 'stopped')
})

test('sixty idle seconds pass without one request', async ({ page, context }) => {
  test.setTimeout(240_000)
  const runtime = freshId('idle')
  await createRuntime(page, runtime)
  await startedVersion(page, runtime, 'one')
  await page.goto(`/runtimes/${runtime}/versions/one`)
  await hydrated(page)
  await page.waitForTimeout(2_000)
  const requests: string[] = []
  context.on('request', (request) => requests.push(`${request.method()} ${request.url()}`))
  await page.waitForTimeout(60_000)
  expect(requests).toEqual([])
  await expect(side(page).locator('[data-status]')).toHaveAttribute('data-status', 'started')
})

test('the age of a time grows while its page stays open', async ({ page }) => {
  const runtime = freshId('ages')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'one', greeter('one'))
  await page.clock.install()
  await page.goto(`/runtimes/${runtime}`)
  await hydrated(page)
  const time = page.getByRole('table', { name: 'Versions' }).locator('time')
  await expect(time).toHaveText('just now')
  await page.clock.fastForward('05:30')
  await expect(time).toHaveText(/^[56] min ago$/)
})
