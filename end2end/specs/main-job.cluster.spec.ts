// The main workflow on an external cluster: a version is uploaded, started, published, unpublished and stopped. The test
// that runs this spec (server/tests/cluster/browser.rs) prepares the runtime's namespace and removes it.

import { act, addVersion, createRuntime, expectStatus, side } from '../fixtures/console.ts'
import { greeter } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

test('a version is uploaded, started, published, unpublished and stopped', async ({ page }) => {
  test.setTimeout(900_000)
  const runtime = process.env.KRT_CONSOLE_SPEC_RUNTIME ?? ''
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'one', greeter('one'))
  await act(page, 'Start', 'Shown on a real cluster')
  await expectStatus(page, 'started')
  await expect(side(page)).toContainText(`one.kre-${runtime}.svc:9000`)
  await act(page, 'Publish', 'It runs')
  await expectStatus(page, 'published')
  await act(page, 'Unpublish', 'Seen enough')
  await expectStatus(page, 'started')
  await expect(side(page)).not.toContainText('Unpublishing', { timeout: 180_000 })
  await act(page, 'Stop', 'Tidy up')
  await expectStatus(page, 'stopped')

  await page.goto('/audit')
  await expect(page.getByRole('table')).toContainText('Tidy up')
})
