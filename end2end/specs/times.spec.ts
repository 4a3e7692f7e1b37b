// Times: UTC from the server, named as such; local times with their zone, and ages of recent ones, with JavaScript.

import { act, addVersion, createRuntime, expectStatus, freshId, hydrated } from '../fixtures/console.ts'
import { greeter } from '../fixtures/package.ts'
import { expect, isScripted, test } from '../fixtures/test.ts'

test.use({ timezoneId: 'Asia/Kolkata' })

test('every time on a page is shown in the same way', async ({ page }) => {
  const runtime = freshId('times')
  const version = `/runtimes/${runtime}/versions/one`
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'one', greeter('one'))
  await hydrated(page)
  await act(page, 'Start', 'To have a log')
  await expectStatus(page, 'started')
  await act(page, 'Stop', 'The log is kept')
  await expectStatus(page, 'stopped')
  for (const path of [version, `${version}/history`, `${version}/log`, `/runtimes/${runtime}`, `/audit?runtime=${runtime}`]) {
    await page.goto(path)
    await hydrated(page)
    const times = page.getByRole('main').locator('time')
    await expect(times.first()).toBeVisible()
    for (const time of await times.all()) {
      await expect(time, path).toHaveText(isScripted() ? /^(just now|\d+ min ago)$/ : /^\d+ \w{3} \d{4}, \d\d:\d\d UTC$/)
      await expect(time, path).toHaveAttribute('title', isScripted() ? /^\d+ \w{3} \d{4}, \d\d:\d\d:\d\d UTC\+05:30$/ : /UTC$/)
    }
  }
})
