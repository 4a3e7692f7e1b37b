// The check in Chromium, beside its peers in the same browser and run: a manifest of 1 MB against js-yaml and ajv, a large
// package against the browser's own gunzip. Prints figures and adds them to target/bench.json.

import { createServer } from 'node:http'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { build } from 'esbuild'
import { writePackage } from './package.mjs'

const ROUNDS = 9
const MIB = 1024 * 1024
const root = fileURLToPath(new URL('../..', import.meta.url))
const packageBytes = Number(process.env.KRT_BENCH_PACKAGE_MB ?? 500) * 1e6

const peer = await build({
  entryPoints: [fileURLToPath(new URL('peer-worker.mjs', import.meta.url))],
  bundle: true, minify: true, write: false, format: 'esm', legalComments: 'none',
})
const manifest = await readFile(join(root, 'target/bench-manifest.yml'))
const large = join(tmpdir(), `krt-bench-${process.pid}.krt`)

const types = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' }
const server = createServer(async (request, response) => {
  const path = new URL(request.url, 'http://x').pathname
  const own = {
    '/': '<!doctype html><title>bench</title><input type="file">', '/peer.js': peer.outputFiles[0].contents, '/manifest.yml': manifest,
  }
  const body = own[path] ?? (await readFile(join(root, 'target/site', path)).catch(() => null))
  response.writeHead(body === null ? 404 : 200, { 'content-type': types[extname(path)] ?? 'text/html' })
  response.end(body)
})
await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
const browser = await chromium.launch({
  executablePath: process.env.KRT_CONSOLE_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'],
})
const figures = {}
try {
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(error))
  await page.goto(`http://127.0.0.1:${server.address().port}/`)
  await manifests(page)
  await packages(page)
} finally {
  await browser.close()
  server.close()
  await rm(large, { force: true })
}
for (const [name, value] of Object.entries(figures)) console.log(`${name.replaceAll('_', ' ').padEnd(40)} ${value}`)
const file = join(root, 'target/bench.json')
const before = JSON.parse(await readFile(file, 'utf8').catch(() => '{}'))
await writeFile(file, `${JSON.stringify({ ...before, ...figures }, null, 2)}\n`)

/** The same file to both workers, in turns; each has answered once before it counts. */
async function manifests(page) {
  const [ours, theirs] = await page.evaluate(async (rounds) => {
    const file = new File([await (await fetch('/manifest.yml')).blob()], 'krt.yml')
    const workers = ['/check-worker.js', '/peer.js'].map((script) => new Worker(script, { type: 'module' }))
    const ask = (worker) =>
      new Promise((resolve, reject) => {
        worker.onerror = (error) => reject(new Error(error.message))
        worker.onmessage = ({ data }) => {
          if (data.kind === 'report') resolve(data)
          if (data.kind === 'failed') reject(new Error(data.message))
        }
        worker.postMessage(file)
      })
    const times = [[], []]
    for (let round = 0; round <= rounds; round++) {
      for (const [at, worker] of workers.entries()) {
        const { report, millis } = await ask(worker)
        const { diagnostics, errors } = JSON.parse(report)
        const wrong = diagnostics?.filter(({ severity }) => severity === 'error') ?? errors ?? []
        if (wrong.length > 0) throw new Error(JSON.stringify(wrong.slice(0, 3)))
        if (round > 0) times[at].push(millis)
      }
    }
    for (const worker of workers) worker.terminate()
    return times
  }, ROUNDS)
  figures.browser_check_1_mb_manifest_ms = round(median(ours))
  figures.browser_js_yaml_ajv_ms = round(median(theirs))
  figures.browser_check_times_faster = round(median(theirs) / median(ours))
}

/** Read to its end by the check, and by the browser's own gunzip with nothing done to what comes out. */
async function packages(page) {
  const unpacked = await writePackage(large, packageBytes)
  await page.setInputFiles('input', large)
  const before = await renderer()
  const gunzip = await page.evaluate(async () => {
    const begun = performance.now()
    const reader = document.querySelector('input').files[0].stream().pipeThrough(new DecompressionStream('gzip')).getReader()
    while (!(await reader.read()).done) continue
    return performance.now() - begun
  })
  const watching = peak()
  const check = await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const worker = new Worker('/check-worker.js', { type: 'module' })
        worker.onmessage = ({ data }) => {
          if (data.kind === 'failed') reject(new Error(data.message))
          if (data.kind !== 'report') return
          const { diagnostics, unpacked } = JSON.parse(data.report)
          resolve({ millis: data.millis, found: diagnostics.map((found) => found.code), unpacked })
        }
        worker.postMessage(document.querySelector('input').files[0])
      }),
  )
  const most = await watching()
  if (check.found.length > 0) throw new Error(`the large package is refused: ${check.found}`)
  figures.browser_package_bytes = (await stat(large)).size
  figures.browser_package_unpacked_bytes = unpacked
  figures.browser_check_package_ms = Math.round(check.millis)
  figures.browser_gunzip_alone_ms = Math.round(gunzip)
  figures.browser_check_share_of_gunzip_speed = round(gunzip / check.millis)
  figures.browser_check_package_memory_mib = Math.round((most - before) / MIB)
}

/** Resident bytes of the browser's processes together: the worker runs in one of them. */
async function renderer() {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const resident = (id) => Number(readFileSync(`/proc/${id}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1] ?? 0) * 1024
  return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { id }) => sum + resident(id), 0)
}

/** Begins to watch; the answer ends it and tells the most that was seen. */
function peak() {
  let [most, ended] = [0, false]
  const watched = (async () => {
    while (!ended) {
      most = Math.max(most, await renderer())
      await new Promise((wait) => setTimeout(wait, 200))
    }
  })()
  return async () => {
    ended = true
    await watched
    return most
  }
}

function median(values) {
  return values.toSorted((left, right) => left - right)[values.length >> 1]
}

function round(value) {
  return Math.round(value * 100) / 100
}
