// Signing in: a link from the terminal, a button, a session.

import { expect, isScripted, signIn, test as base } from '../fixtures/test.ts'
import { Server } from '../fixtures/server.ts'

// A console of its own: each printed link works once.
const test = base.extend<{ fresh: Server }>({
  storageState: async ({}, use) => use({ cookies: [], origins: [] }),
  fresh: async ({ page }, use) => {
    const server = await Server.start()
    await use(server)
    // Stops the requests of the page before its server stops.
    await page.goto('about:blank')
    await server.remove()
  },
})

test('signed-out users are redirected to the sign-in page, which says how to sign in', async ({ page }) => {
  await page.goto('/audit')
  await expect(page).toHaveURL(/\/sign-in\?next=%2Faudit$/)
  await expect(page.getByRole('main')).toContainText('prints one to its terminal')
})

test('the printed link shows a button, and pressing it signs in, once', async ({ page, fresh, clean, browser }) => {
  await page.goto(fresh.signInLink)
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  // Opening the link is not enough.
  const other = await browser.newContext({ javaScriptEnabled: false })
  const elsewhere = await other.newPage()
  await elsewhere.goto(`${fresh.url}/runtimes`)
  await expect(elsewhere).toHaveURL(/\/sign-in/)

  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(`${fresh.url}/runtimes`)
  await expect(page.getByRole('heading', { name: 'No runtimes yet' })).toBeVisible()

  clean.expect(422)
  await elsewhere.goto(fresh.signInLink)
  await elsewhere.getByRole('button', { name: 'Sign in' }).click()
  await expect(elsewhere.getByRole('alert')).toContainText('used before')
  await other.close()
})

test('after signing in with the printed link, the browser is where it wanted to go, fragment included', async ({ page, fresh }) => {
  await page.goto(`${fresh.url}/audit?action=start#entries`)
  await expect(page).toHaveURL(/\/sign-in\?next=/)
  await page.goto(fresh.signInLink)
  await page.getByRole('button', { name: 'Sign in' }).click()
  // The link does not know the address; without scripts, nobody does.
  await expect(page).toHaveURL(isScripted() ? `${fresh.url}/audit?action=start#entries` : `${fresh.url}/runtimes`)
})

test('the session is a cookie that scripts cannot read, and signing out ends it', async ({ page, fresh, context }) => {
  await signIn(page, fresh)
  const [cookie] = await context.cookies()
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' })

  await page.getByRole('button', { name: 'admin' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(/\/sign-in/)
  await context.addCookies([cookie!])
  await page.goto(`${fresh.url}/runtimes`)
  await expect(page).toHaveURL(/\/sign-in/)
})

test('Escape closes the menu of the account, and the focus returns to its button', async ({ page, fresh }) => {
  await signIn(page, fresh)
  const button = page.getByRole('button', { name: 'admin' })
  const signOut = page.getByRole('button', { name: 'Sign out' })
  await expect(signOut).toBeHidden()
  await button.press('Enter')
  await expect(signOut).toBeInViewport({ ratio: 1 })
  await page.keyboard.press('Tab')
  await expect(signOut).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(signOut).toBeHidden()
  await expect(button).toBeFocused()
})

test('the link is printed and never logged', async ({ page, fresh }) => {
  await signIn(page, fresh)
  const token = new URL(fresh.signInLink).searchParams.get('token') ?? ''
  expect(token.length).toBeGreaterThan(20)
  expect(fresh.log.split(token).length - 1).toBe(1)
})
