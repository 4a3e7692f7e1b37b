// The server stops and restarts: the page says so, and catches up without a reload.

import { act, addVersion, createRuntime, expectStatus, freshId, hydrated } from '../fixtures/console.ts'
import { greeter } from '../fixtures/package.ts'
import { Server } from '../fixtures/server.ts'
import { expect, signIn, test as base } from '../fixtures/test.ts'

const test = base.extend<{ own: Server }>({
  storageState: async ({}, use) => use({ cookies: [], origins: [] }),
  own: async ({}, use) => {
    const server = await Server.start()
    await use(server)
    await server.remove()
  },
  baseURL: async ({ own }, use) => use(own.url),
})

test('a page shows the loss of the connection, and catches up after a restart', async ({ page, own, clean }) => {
  clean.expectNetworkErrors()
  await signIn(page, own)
  const runtime = freshId('back')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'one', greeter('one'))
  await hydrated(page)
  expect(await own.stop()).toBe(0)
  await expect(page.locator('.link')).toHaveText(/Reconnecting|Not live/)

  const again = await Server.start({ folder: own.folder, environment: { KRT_CONSOLE_LISTEN: new URL(own.url).host } })
  try {
    await expect(page.locator('.link')).toHaveText('Live', { timeout: 60_000 })
    await act(page, 'Start', 'After the break')
    await expectStatus(page, 'started')
  } finally {
    await again.stop()
  }
})
