// The whole life of two versions, by the forms of their actions.

import { act, actions, addVersion, createRuntime, expectStatus, freshId, side } from '../fixtures/console.ts'
import { greeter } from '../fixtures/package.ts'
import { expect, test } from '../fixtures/test.ts'

test('a version is started, published, replaced, unpublished, stopped and archived', async ({ page }) => {
  test.setTimeout(240_000)
  const runtime = freshId('life')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'one', greeter('one'))

  // Impossible actions are there, and say why.
  await expect(actions(page)).toContainText('start it first')
  await act(page, 'Start', 'First try')
  await expectStatus(page, 'started')
  await expect(side(page)).toContainText(`one.kre-${runtime}.svc:9000`)
  await expect(side(page)).toContainText(`kubectl -n kre-${runtime} port-forward svc/one 9000:9000`)

  await act(page, 'Publish', 'It works')
  await expectStatus(page, 'published')
  await expect(side(page)).toContainText('Reachable from outside')
  await expect(actions(page)).toContainText('unpublish it first')

  await addVersion(page, runtime, 'two', greeter('two'))
  await act(page, 'Start', 'Better')
  await expectStatus(page, 'started')
  await actions(page).getByRole('link', { name: 'Publish', exact: true }).click()
  await expect(page.locator('.action-form')).toContainText('It replaces one')
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
  // What holds for every action is said once.
  await expect(actions(page).getByText('it is archived, and there is no way back')).toHaveCount(1)

  await page.goto(`/runtimes/${runtime}`)
  await expect(page.getByRole('table')).not.toContainText('two')
  await page.getByRole('link', { name: 'Show 1 archived' }).click()
  await expect(page.getByRole('row', { name: /two/ })).toContainText('Archived')
})

test('a start can be given up, and a reason is asked for', async ({ page, clean }) => {
  const runtime = freshId('halt')
  await createRuntime(page, runtime)
  // Its images never come, so that there is time.
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

test('a start that cannot succeed ends as stopped, with its cause and the last lines of the log', async ({ page }) => {
  const runtime = freshId('fail')
  await createRuntime(page, runtime)
  await addVersion(page, runtime, 'broken', greeter('broken', 'sim-fail'))
  await act(page, 'Start', 'Let us see')
  await expectStatus(page, 'stopped')
  const failure = side(page).getByRole('region', { name: 'Why it failed' })
  // What a person understands first, then what to do, then what the cluster said.
  await expect(failure.getByRole('paragraph').first()).toHaveText(/^Node greeter of workflow \w+: the image konstellation\/kre-py:sim-fail cannot be pulled\.$/)
  await expect(failure).toContainText('Check its name and tag in krt.yml')
  await expect(failure).toContainText(/ImagePull/)
  // Its node is marked, by more than its colour; it is in both workflows, and the first one that failed is told.
  await expect(page.locator('.graph-node.is-error')).toContainText('greeter')
  await expect(page.locator('.graph-node.is-error')).toContainText('✕')
  await expect(page.locator('.graph-troubles')).toContainText('greeter the image konstellation/kre-py:sim-fail cannot be pulled')
})
