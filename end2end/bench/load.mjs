// How long the main thread of Chromium is busy at once while a page loads, hydrated as users get it. CPU time of the largest
// task comes from a trace: unlike wall time it does not swing with other load. Long tasks are those that a browser reports,
// above 50 ms of wall time.

import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROUNDS = 9
const THROTTLE = 4
/** What a load is watched for, in milliseconds: after that nothing of it is left. */
const WATCHED = 2000

/** The figures of some pages of a console with a version of 30 nodes. `launch` starts a browser. */
export async function loads(launch) {
  process.env.KRT_CONSOLE_BINARY ??= fileURLToPath(new URL('../../target/release/krt-console', import.meta.url))
  const { Server } = await fixture('server')
  const { packageOf } = await fixture('package')
  const server = await Server.start()
  const browser = await launch()
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: server.url })
    await fill(await context.newPage(), server, packageOf(manifest(), 'thirty.krt'))
    const figures = {}
    const pages = { runtimes: '/runtimes', runtime: '/runtimes/bench', version: '/runtimes/bench/versions/thirty', audit: '/audit' }
    for (const [name, path] of Object.entries(pages)) {
      Object.assign(figures, await figuresOf(context, name, path))
    }
    return figures
  } finally {
    await browser.close()
    await server.remove()
  }
}

/** A module of the specs, which are TypeScript. */
async function fixture(name) {
  const { outputFiles: [bundle] } = await build({
    entryPoints: [fileURLToPath(new URL(`../fixtures/${name}.ts`, import.meta.url))],
    bundle: true, write: false, format: 'esm', platform: 'node',
    define: { 'import.meta.url': JSON.stringify(new URL('../fixtures/x', import.meta.url)) },
  })
  return import(`data:text/javascript;base64,${Buffer.from(bundle.contents).toString('base64')}`)
}

/** Three workflows of ten nodes each. */
function manifest() {
  const node = (workflow, number) => `      - name: node-${workflow}-${number}
        image: konstellation/kre-py:1.29.0
        src: src/node_${workflow}_${number}.py
        subscriptions: [${number === 0 ? 'entrypoint' : `node-${workflow}-${number - 1}`}]
`
  const workflow = (letter) => `  - name: flow-${letter}
    entrypoint: Run${letter.toUpperCase()}
    exitpoint: node-${letter}-9
    nodes:
${Array.from({ length: 10 }, (_, number) => node(letter, number)).join('')}`
  return `krtVersion: v2
version: thirty
description: Thirty nodes.
entrypoint:
  proto: public_input.proto
  image: konstellation/kre-entrypoint:1.29.0
workflows:
${['a', 'b', 'c'].map(workflow).join('')}`
}

async function fill(page, server, file) {
  await page.goto(server.signInLink)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/runtimes')
  await page.goto('/runtimes/new')
  await page.getByText('Live', { exact: true }).waitFor()
  await page.getByLabel('Name', { exact: true }).fill('Bench')
  await page.getByLabel('ID', { exact: true }).fill('bench')
  await page.getByRole('button', { name: 'Create runtime' }).click()
  await page.waitForURL('**/runtimes/bench')
  await page.goto('/runtimes/bench/new-version')
  await page.getByLabel('Reason').fill('For the bench')
  await page.getByLabel('KRT package').setInputFiles(file)
  await page.getByRole('button', { name: 'Upload version' }).click()
  await page.waitForURL('**/versions/thirty')
  await page.close()
}

async function figuresOf(context, name, path) {
  const measured = { 1: [], [THROTTLE]: [] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const throttle of [1, THROTTLE]) measured[throttle].push(await load(context, path, throttle))
  }
  const of = (throttle, figure) => Math.round(median(measured[throttle].map((one) => one[figure])) * 10) / 10
  return {
    [`${name}_largest_task_cpu_ms`]: of(1, 'largest'),
    [`${name}_long_tasks_ms`]: of(1, 'long'),
    [`${name}_all_cpu_ms`]: of(1, 'all'),
    [`${name}_4x_largest_task_cpu_ms`]: of(THROTTLE, 'largest'),
    [`${name}_4x_long_tasks_ms`]: of(THROTTLE, 'long'),
  }
}

/** One load without a cache: CPU milliseconds of the largest task and of all, and what long tasks took. */
async function load(context, path, throttle) {
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('Network.enable')
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true })
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: throttle })
  await page.addInitScript(() => {
    globalThis.longTasks = 0
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.longTasks += entry.duration
    }).observe({ type: 'longtask', buffered: true })
  })
  const events = []
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...value))
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['devtools.timeline', 'toplevel', 'disabled-by-default-devtools.timeline'], excludedCategories: ['*'] },
  })
  await page.goto(path, { waitUntil: 'load' })
  await page.waitForTimeout(WATCHED * (throttle > 1 ? 2 : 1))
  const long = await page.evaluate(() => globalThis.longTasks)
  const complete = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve))
  await cdp.send('Tracing.end')
  await complete
  await page.close()
  const tasks = mainThread(events).filter((event) => event.name === 'RunTask')
  return { long, largest: Math.max(...tasks.map(cpu)), all: tasks.reduce((sum, task) => sum + cpu(task), 0) }
}

const cpu = (event) => (event.tdur ?? 0) / 1000

/** The events of the main thread that rendered the page: the one that parsed HTML most. */
function mainThread(events) {
  const mains = events.filter(({ ph, name, args }) => ph === 'M' && name === 'thread_name' && args.name === 'CrRendererMain')
  const of = (thread) => events.filter(({ ph, pid, tid }) => ph === 'X' && pid === thread.pid && tid === thread.tid)
  const work = (all) => all.filter(({ name }) => /ParseHTML|Layout|FunctionCall/.test(name)).length
  return mains.map(of).sort((a, b) => work(b) - work(a))[0] ?? []
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]
}
