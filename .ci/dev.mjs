// `make dev`: serves the console for those who work on it. What changed is made again and shown in all open pages; compiler
// errors are printed, and the version before keeps running. Called by the Makefile with the options of `krt-console serve`.

import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import * as build from './dev/build.mjs'
import { consoleProcess } from './dev/console.mjs'
import { optionsFor } from './dev/options.mjs'
import { partsOf } from './dev/plan.mjs'
import { proxy } from './dev/proxy.mjs'
import { watch } from './dev/watch.mjs'

const say = (line) => process.stderr.write(`• ${line}\n`)
const seconds = (begun) => `${((performance.now() - begun) / 1000).toFixed(1)} s`

const port = await freePort()
const { listen, options } = optionsFor(process.argv.slice(2), process.env, port)
const running = consoleProcess({
  program: build.program, options: [...options, '--site', build.site], environment: process.env, port, say,
})
const { server, announce } = proxy(running.upstream)
server.listen(listen.port, listen.host)
await once(server, 'listening').catch((error) => {
  say(`cannot listen on ${listen.host}:${listen.port}: ${error.message}`)
  process.exit(1)
})

/** What is stale and not made yet, and the round that makes it. */
const stale = new Set()
let round = null
let isLeaving = false
/** What the running console and its pages were made from. */
const served = { browser: null, server: null }
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void leave())

await rm(build.site, { recursive: true, force: true })
await mkdir(`${build.site}/pkg`, { recursive: true })
watch(build.root, { deep: ['app', 'server', 'style', 'public'], flat: ['.', '.cargo'] }, changed)
await Promise.all([build.styles(), build.publicFiles()]).catch(complain)
changed(['Cargo.toml'])

function changed(files) {
  const parts = partsOf(files)
  if (parts.length === 0) return
  for (const part of ['styles', 'public', 'worker']) if (parts.includes(part)) void makeFiles(part, files)
  const halves = parts.filter((part) => part in served)
  if (halves.length === 0) return
  for (const half of halves) stale.add(half)
  // The newest source counts.
  if (round) round.abort()
  else void makeHalves()
}

/** Style sheet, static files, worker: nothing to compile, so they do not wait for compilers. */
async function makeFiles(part, files) {
  const begun = performance.now()
  try {
    await { styles: build.styles, public: build.publicFiles, worker: build.worker }[part]()
    announce(part === 'styles' ? 'styles' : 'page')
    say(`${files.join(', ')}: ${part} on the page after ${seconds(begun)}`)
  } catch (error) {
    complain(error)
  }
}

/** Compiles the stale halves until nothing changes meanwhile; then replaces what runs. */
async function makeHalves() {
  do {
    round = new AbortController()
    const begun = performance.now()
    const isFirst = served.server === null
    const halves = ['browser', 'server'].filter((half) => stale.has(half))
    say(isFirst ? 'compiling both halves (five to ten minutes the first time)' : `compiling for ${halves.join(' and ')} …`)
    try {
      const times = await compile(halves, isFirst)
      if (times) {
        for (const half of halves) stale.delete(half)
        const what = await replace()
        say(`${what} after ${seconds(begun)} (${times.join(', ')})`)
      } else if (!round.signal.aborted) {
        running.giveUp()
        say(`not compiled (${seconds(begun)}): the version before keeps running`)
      }
    } catch (error) {
      complain(error)
    }
  } while (round.signal.aborted && !isLeaving)
  round = null
}

/** Answers with the seconds of each half, or null when one of them failed or something changed meanwhile. */
async function compile(halves, isFirst) {
  const { signal } = round
  const make = { browser: build.browserHalf, server: build.serverHalf }
  const times = []
  const one = async (half) => {
    const begun = performance.now()
    const outcome = await make[half]({ loud: isFirst, signal })
    times.push(`${half} ${seconds(begun)}`)
    return outcome
  }
  const outcomes = []
  // The first time one after the other, because cargo draws its progress.
  if (isFirst) for (const half of halves) outcomes.push(await one(half))
  else outcomes.push(...(await Promise.all(halves.map(one))))
  if (signal.aborted) return null
  printOnce(outcomes.map(({ text }) => text))
  return outcomes.every(({ ok }) => ok) ? times : null
}

/** Both halves are compiled from mostly the same files: what they both complain about is printed once. */
function printOnce(texts) {
  const blocks = new Set(texts.flatMap((text) => text.split(/\n{2,}/)).map((block) => block.trimEnd()).filter(Boolean))
  for (const block of blocks) process.stderr.write(`${block}\n\n`)
}

/** Puts what was compiled in the place of what runs; answers with what people see of it. */
async function replace() {
  const [browser, server] = [await build.stampOf('browser'), await build.stampOf('server')]
  const isNew = { browser: browser !== served.browser, server: server !== served.server }
  if (!isNew.browser && !isNew.server) return 'nothing to reload'
  if (isNew.browser) await build.publishBrowserHalf()
  if (isNew.server && !(await running.restart())) {
    if (served.server === null) process.exit(1)
    return 'console did not start'
  }
  Object.assign(served, { browser, server })
  announce('page')
  return isNew.server ? 'console restarted, page reloaded' : 'page reloaded'
}

/** esbuild and cargo have printed what is wrong by themselves; only what they have not is left to say. */
function complain(error) {
  if (!error.errors) say(error.stderr || error.stack)
}

async function leave() {
  isLeaving = true
  round?.abort()
  await running.end()
  process.exit(0)
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}
