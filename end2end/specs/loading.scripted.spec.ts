// How pages come alive: what they request, what happens while they do, and when a file of code is missing, slow or gone.

import { readFileSync } from 'node:fs'
import { actions, addVersion, createRuntime, freshId, hydrated } from '../fixtures/console.ts'
import { greeter, sorter } from '../fixtures/package.ts'
import { expect, test as base } from '../fixtures/test.ts'

interface Budget {
  requests: number
  pages: Record<string, { groups: string[] | null; bytes: number }>
}

const budget = JSON.parse(readFileSync(new URL('../budget.json', import.meta.url), 'utf8')) as Budget
const hashes = readFileSync(new URL('../../target/site/hash.txt', import.meta.url), 'utf8')
/** Matches the files of a group of pages that no other page needs. */
const chunk = (group: string) => new RegExp(`/pkg/krt-console-${group}\\.[0-9a-f]+\\.wasm$`)

interface Versions {
  runtime: string
  /** Paths by the names that end2end/budget.json has for pages. */
  paths: Record<string, string>
}

const test = base.extend<object, { versions: Versions }>({
  versions: [
    async ({ browser, server, session }, use) => {
      const context = await browser.newContext({ baseURL: server.url, storageState: session })
      const page = await context.newPage()
      const runtime = freshId('loading')
      await createRuntime(page, runtime)
      await addVersion(page, runtime, 'one', greeter('one'))
      await addVersion(page, runtime, 'two', sorter('two'))
      await context.close()
      const version = `/runtimes/${runtime}/versions/one`
      const tabs = ['configuration', 'log', 'objects', 'manifest', 'history']
      await use({
        runtime,
        paths: {
          'sign-in': '/sign-in?token=x', runtimes: '/runtimes', 'new runtime': '/runtimes/new', runtime: `/runtimes/${runtime}`,
          'new version': `/runtimes/${runtime}/new-version`, version, action: `${version}/actions/start`, audit: '/audit',
          'not found': '/nowhere', ...Object.fromEntries(tabs.map((tab) => [tab, `${version}/${tab}`])),
        },
      })
    },
    { scope: 'worker' },
  ],
})

test('each page requests what its budget says, and no more', async ({ page, versions, clean }) => {
  clean.expect(404)
  expect(Object.keys(versions.paths).sort()).toEqual(Object.keys(budget.pages).sort())
  for (const [name, { groups }] of Object.entries(budget.pages)) {
    await test.step(name, async () => {
      await page.goto('about:blank')
      const requests: string[] = []
      const hear = (request: { url(): string }) => requests.push(request.url().replace(/^https?:\/\/[^/]+/, ''))
      page.on('request', hear)
      await page.goto(versions.paths[name] ?? '')
      if (groups) await hydrated(page)
      page.off('request', hear)
      // What comes when the browser is idle is not part of the first load.
      const needed = (groups ?? []).flatMap((group) => hashes.match(new RegExp(`^chunks-${group}: (.*)$`, 'm'))?.[1]?.split(' ') ?? [])
      const loaded = new Set(requests.flatMap((path) => path.match(/krt-console-.*/) ?? []))
      for (const file of needed) expect([...loaded], `${name} loads ${file}`).toContain(file)
      const atFirst = requests.filter((path) => !path.includes('krt-console-') || needed.some((file) => path.includes(file)))
      expect(atFirst.length, `${name}: ${atFirst.join(' ')}`).toBeLessThanOrEqual(budget.requests)
      if (!groups) expect(requests.filter((path) => /\.(js|wasm)$/.test(path))).toEqual([])
    })
  }
})

test('what is clicked and typed right after the first paint is not lost', async ({ page, versions, clean }) => {
  clean.expect(404)
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 6 })
  for (const [name, path] of Object.entries(versions.paths)) {
    await test.step(name, async () => {
      await page.goto('about:blank')
      await page.goto(path, { waitUntil: 'commit' })
      // The menu of the account opens without scripts, and stays open.
      const menu = page.locator('.me > button')
      const field = page.locator('main input:not([type=hidden], [type=file]), main textarea').first()
      if (name === 'sign-in') return expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
      await menu.click()
      const hasField = ['new runtime', 'new version', 'configuration', 'action', 'runtime'].includes(name)
      if (hasField && (await field.isVisible())) await field.pressSequentially('typed early')
      await expect(page.locator('.link')).toHaveText('Live')
      if (hasField && (await field.isVisible())) await expect(field).toHaveValue(/typed early$/)
    })
  }
  // A link that is clicked at once leads to its page.
  for (const name of ['version', 'runtimes', 'runtime']) {
    await page.goto('about:blank')
    await page.goto(versions.paths[name] ?? '', { waitUntil: 'commit' })
    await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Audit' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Audit log' })).toBeVisible()
  }
})

test('a page whose code does not arrive works as it was sent, says so, and comes alive on another attempt', async ({ page, versions, clean }) => {
  clean.expectMissingCode()
  await page.route(chunk('version'), (route) => route.abort())
  await page.goto(versions.paths.version ?? '')
  const alert = page.getByRole('alert').filter({ hasText: 'did not load' })
  await expect(alert).toContainText('try again')
  await page.getByRole('link', { name: 'Manifest', exact: true }).click()
  await expect(page.locator('.shown')).toContainText('krt.yml')
  await expect(alert).toBeVisible()

  await page.unroute(chunk('version'))
  await page.getByRole('button', { name: 'Try again' }).click()
  await hydrated(page)
  await expect(alert).toBeHidden()
  await page.getByRole('link', { name: 'Workflows', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'greeting' })).toBeVisible()
})

test('a page whose code does not arrive on the way says so in its place', async ({ page, versions, clean }) => {
  clean.expectMissingCode()
  await page.goto('/runtimes')
  await hydrated(page)
  await page.route(chunk('runtime'), (route) => route.abort())
  await page.getByRole('link', { name: `Runtime ${versions.runtime}` }).click()
  await expect(page.getByRole('heading', { name: 'Part of the console did not load' })).toBeVisible()
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
  await page.unroute(chunk('runtime'))
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('heading', { level: 1, name: `Runtime ${versions.runtime}` })).toBeVisible()
})

test('after an update of the console, its pages offer a reload', async ({ page, versions, clean }) => {
  clean.expectMissingCode()
  await page.goto('/runtimes')
  await hydrated(page)
  await page.route(chunk('runtime'), (route) => route.fulfill({ status: 404 }))
  await page.route('**/hash.txt', (route) => route.fulfill({ body: 'js: 00000000000000000000\n' }))
  await page.getByRole('link', { name: `Runtime ${versions.runtime}` }).click()
  await expect(page.getByRole('alert')).toContainText('was updated')
  await page.unroute(chunk('runtime'))
  await page.getByRole('link', { name: 'Reload page' }).click()
  await expect(page.getByRole('heading', { level: 1, name: `Runtime ${versions.runtime}` })).toBeVisible()
  await hydrated(page)
})

test('while code is on its way, the page says that it is loading', async ({ page, versions }) => {
  await page.goto('/runtimes')
  await hydrated(page)
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  await page.route(chunk('runtime'), async (route) => {
    await released
    await route.continue()
  })
  await page.getByRole('link', { name: `Runtime ${versions.runtime}` }).click()
  await expect(page.locator('html')).toHaveAttribute('data-loading')
  await expect(page.getByRole('heading', { level: 1, name: 'Runtimes' })).toBeVisible()
  release()
  await expect(page.getByRole('heading', { level: 1, name: `Runtime ${versions.runtime}` })).toBeVisible()
  await expect(page.locator('html')).not.toHaveAttribute('data-loading')
})

test('the dialog of an action is loaded with the first click, or says that it was not', async ({ page, versions, clean }) => {
  clean.expectMissingCode()
  await page.route(chunk('action'), (route) => route.abort())
  await page.goto(versions.paths.version ?? '')
  await hydrated(page)
  await actions(page).getByRole('link', { name: 'Start', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('did not load')
  await page.unroute(chunk('action'))
  await dialog.getByRole('button', { name: 'Try again' }).click()
  await expect(dialog.getByLabel('Reason')).toBeVisible()
})

test('an element that an extension inserts breaks only the part that it is in', async ({ page, versions, clean }) => {
  clean.expectBrokenPart()
  await page.addInitScript(() => {
    addEventListener('DOMContentLoaded', () => {
      document.querySelector('aside.side')?.prepend(document.createElement('form'))
    })
  })
  await page.goto(versions.paths.version ?? '')
  await hydrated(page)
  await expect(page.locator('aside.side > form')).toBeAttached()
  // The rest is alive: a tab changes without a load, and the dialog opens.
  await page.evaluate(() => Object.assign(globalThis, { isSame: true }))
  await page.getByRole('link', { name: 'Logs', exact: true }).click()
  await expect(page).toHaveURL(/\/log$/)
  expect(await page.evaluate(() => 'isSame' in globalThis)).toBe(true)
})
