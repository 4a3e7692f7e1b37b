// Checks every page with axe, light and dark, wide and narrow, and that no page is wider than the screen.

import { type Page } from '@playwright/test'
import { expectAccessible } from '../fixtures/axe.ts'
import { act, actions, addVersion, createRuntime, expectStatus, failToStart, freshId, hydrated, upload } from '../fixtures/console.ts'
import { badPackages } from '../fixtures/bad-packages.ts'
import { greeter, sorter } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

const looks = [
  { name: 'light and wide', colorScheme: 'light', width: 1440 },
  { name: 'dark and wide', colorScheme: 'dark', width: 1440 },
  { name: 'light and narrow', colorScheme: 'light', width: 360 },
  { name: 'dark and narrow', colorScheme: 'dark', width: 360 },
] as const

async function inEveryLook(page: Page, what: string): Promise<void> {
  for (const look of looks) {
    await test.step(`${what}, ${look.name}`, async () => {
      await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width: look.width, height: 900 })
      await expectAccessible(page)
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      expect(overflow, `${what}, ${look.name}: wider than the screen by`).toBeLessThanOrEqual(0)
    })
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}

test('every page is accessible, light and dark, wide and narrow', async ({ page, clean }) => {
  test.setTimeout(300_000)
  clean.expect(404, 422)
  const runtime = freshId('axe')
  await createRuntime(page, runtime)
  await inEveryLook(page, 'an empty runtime')
  await addVersion(page, runtime, 'one', greeter('one'))
  await addVersion(page, runtime, 'two', sorter('two'))
  await addVersion(page, runtime, 'broken', greeter('broken', 'sim-fail'))
  await hydrated(page)
  await failToStart(page, 'To fail')
  await inEveryLook(page, 'a version whose start failed')
  await page.goto(`/runtimes/${runtime}/versions/one`)
  await hydrated(page)
  await act(page, 'Start', 'For the checks')
  await expectStatus(page, 'started')
  await inEveryLook(page, 'a started version')
  await actions(page).getByRole('link', { name: 'Publish', exact: true }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await inEveryLook(page, 'the dialog of an action')

  const version = `/runtimes/${runtime}/versions/one`
  const paths = [
    '/runtimes', '/runtimes/new', `/runtimes/${runtime}`, `/runtimes/${runtime}/new-version`, '/audit', '/nowhere',
    `${version}/configuration`, `${version}/log`, `${version}/objects`, `${version}/manifest`, `${version}/history`,
    `${version}/actions/publish`, `/runtimes/${runtime}/versions/two/configuration`,
  ]
  for (const path of paths) {
    await page.goto(path)
    await hydrated(page)
    await inEveryLook(page, path)
  }
  const bad = badPackages.find((bad) => bad.what === 'a key twice')!
  await upload(page, runtime, bad.file)
  await expect(page.getByRole('region', { name: /^Check results for/ })).toBeVisible()
  await inEveryLook(page, 'a refused package')
})

test('the sign-in page is accessible', async ({ browser, server }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${server.url}/sign-in`)
  await inEveryLook(page, 'the sign-in page')
  await context.close()
})

test('the pages of the rules are accessible', async ({ page, clean }) => {
  clean.expect(404)
  for (const path of ['/rules', '/rules?q=image', '/rules?q=nothing-of-the-kind', '/rules/name-form', '/rules/src-missing', '/rules/nowhere']) {
    await page.goto(path)
    await inEveryLook(page, path)
  }
})

test('an action can be taken with the keyboard alone', async ({ page }) => {
  const runtime = freshId('keys')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'one', greeter('one'))
  await hydrated(page)
  await actions(page).getByRole('link', { name: 'Start', exact: true }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Reason')).toBeFocused()
  await page.keyboard.type('By keyboard')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Start one' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expectStatus(page, 'started')
  // The link that opened the form is gone: the focus is on the page's heading, or on what took the link's place.
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY')
})
