// A file above the limit, posted by the browser's own form: the user sees the answer although the browser would send much
// more than the console reads.

import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { createRuntime, freshId, upload } from '../fixtures/console.ts'
import { Server } from '../fixtures/server.ts'
import { expect, signIn, test as base } from '../fixtures/test.ts'

const test = base.extend<{ own: Server }>({
  storageState: async ({}, use) => use({ cookies: [], origins: [] }),
  own: async ({}, use) => {
    const server = await Server.start({ environment: { KRT_CONSOLE_MAX_UPLOAD: '1MiB' } })
    await use(server)
    await server.remove()
  },
  baseURL: async ({ own }, use) => use(own.url),
})

test('a file that is too large is refused with the reason', async ({ page, own, clean }) => {
  clean.expect(422)
  await signIn(page, own)
  const runtime = freshId('large')
  await createRuntime(page, runtime)
  const path = join(own.folder, 'large.krt')
  const file = await open(path, 'w')
  await file.truncate(512 * 1024 * 1024)
  await file.close()
  await upload(page, runtime, path, 'Trying it')
  await expect(page.locator('#error-package')).toContainText('larger than 1 MiB')
  await expect(page).toHaveURL(`/runtimes/${runtime}/new-version`)
})
