// The lifecycle of two versions, through the forms of their actions.

import { act, actions, addVersion, createRuntime, expectStatus, failToStart, freshId, side } from '../fixtures/console.ts'
import { greeter } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

test('a version is started, published, replaced, unpublished, stopped and archived', async ({ page }) => {
  test.setTimeout(240_000)
  const runtime = freshId('life')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'one', greeter('one'))

  // Impossible actions are shown with the reason.
  await expect(actions(page)).toContainText('start the version first')
  await act(page, 'Start', 'First try')
  await expectStatus(page, 'started')
  await expect(side(page)).toContainText(`one.kre-${runtime}.svc:9000`)
  await expect(side(page)).toContainText(`kubectl -n kre-${runtime} port-forward svc/one 9000:9000`)

  await act(page, 'Publish', 'It works')
  await expectStatus(page, 'published')
  await expect(side(page)).toContainText('Reachable from outside')
  await expect(actions(page)).toContainText('unpublish first')

  await addVersion(page, runtime, 'two', greeter('two'))
  await act(page, 'Start', 'Better')
  await expectStatus(page, 'started')
  await actions(page).getByRole('link', { name: 'Publish', exact: true }).click()
  await expect(page.locator('.action-form')).toContainText('Replaces one')
  await page.getByLabel('Reason').fill('Replace the first one')
  await page.getByRole('button', { name: 'Publish two' }).click()
  await expectStatus(page, 'published')
  await page.goto(`/runtimes/${runtime}/versions/one`)
  await expectStatus(page, 'started')

  await page.goto(`/runtimes/${runtime}/versions/two`)
  await act(page, 'Unpublish', 'Maintenance')
  await expectStatus(page, 'started')
  await expect(side(page)).not.toContainText('Unpublishing')
  await act(page, 'Stop', 'Not needed')
  await expectStatus(page, 'stopped')
  await act(page, 'Archive', 'Old')
  await expectStatus(page, 'archived')
  // A reason that is shared by all actions is shown once.
  await expect(actions(page).getByText('archived permanently')).toHaveCount(1)

  await page.goto(`/runtimes/${runtime}`)
  await expect(page.getByRole('table')).not.toContainText('two')
  await page.getByRole('link', { name: 'Show 1 archived' }).click()
  await expect(page.getByRole('row', { name: /two/ })).toContainText('Archived')
})

test('a start can be stopped, and a reason is required', async ({ page, clean }) => {
  const runtime = freshId('halt')
  await createRuntime(page, runtime)
  // The images never arrive, which leaves time to stop.
  await addVersion(page, runtime, 'slow', greeter('slow', 'sim-slow'))
  clean.expect(422)
  await actions(page).getByRole('link', { name: 'Start', exact: true }).click()
  await page.getByLabel('Reason').fill('   ')
  await page.getByRole('button', { name: 'Start slow' }).click()
  await expect(page.locator('#error-reason')).not.toBeEmpty()
  await page.getByLabel('Reason').fill('Now with a reason')
  await page.getByRole('button', { name: 'Start slow' }).click()
  await expectStatus(page, 'starting')
  await act(page, 'Stop', 'Changed my mind')
  await expectStatus(page, 'stopped')
})

test('a start that cannot succeed ends as stopped, with its cause', async ({ page }) => {
  const runtime = freshId('fail')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'broken', greeter('broken', 'sim-fail'))
  const failure = await failToStart(page, 'Let us see')
  // First the cause, then the advice, then the messages of the cluster.
  await expect(failure.getByRole('paragraph').first()).toHaveText(/^Node "greeter" \(workflow \w+\) cannot pull image konstellation\/kre-py:sim-fail\.$/)
  await expect(failure).toContainText('Check the image name and tag in krt.yml')
  await expect(failure).toContainText(/ImagePull/)
  // The node is marked by more than color. It is in both workflows; the first failure is shown.
  await expect(page.locator('.graph-node.is-error')).toContainText('greeter')
  await expect(page.locator('.graph-node.is-error')).toContainText('✕')
  await expect(page.locator('.graph-troubles')).toContainText('greeter cannot pull image konstellation/kre-py:sim-fail')
  // The list of runtimes leads to what needs attention, and to nothing else.
  await addVersion(page, runtime, 'well', greeter('well'))
  await page.goto('/runtimes')
  const card = page.getByRole('listitem').filter({ hasText: `Runtime ${runtime}` })
  await card.getByRole('link', { name: '1 needs attention' }).click()
  await expect(page.getByRole('heading', { name: 'Versions that need attention' })).toBeVisible()
  await expect(page.getByRole('table', { name: 'Versions' }).locator('tbody tr')).toHaveCount(1)
  await page.getByRole('link', { name: 'Show all' }).click()
  await expect(page.getByRole('table', { name: 'Versions' }).locator('tbody tr')).toHaveCount(2)
})
