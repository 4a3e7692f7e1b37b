// The check in Chromium, beside its peers in the same browser and run: manifests against js-yaml and ajv, a large package
// against the browser's own gunzip; and the loads of pages. Prints figures and adds them to target/bench.json.

import { createServer } from 'node:http'
import { readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { build } from 'esbuild'
import { largePackage } from './large.mjs'
import { loads } from './load.mjs'

// Both are compiled while they run: what a first answer takes is told by itself, and the next few do not count.
const [WARM_UP, ROUNDS] = [5, 15]
const root = fileURLToPath(new URL('../..', import.meta.url))
const packageBytes = Number(process.env.KRT_BENCH_PACKAGE_MB ?? 500) * 1e6

const peer = await build({
  entryPoints: [fileURLToPath(new URL('peer-worker.mjs', import.meta.url))],
  bundle: true, minify: true, write: false, format: 'esm', legalComments: 'none',
})
/** By what figures call them: the file in target that the other half of the bench wrote, and how many errors or slips it has. */
const texts = {
  '1_mb_manifest': ['bench-manifest.yml', 0],
  '2000_lines': ['bench-2000_lines.yml', 0],
  '2000_lines_10_problems': ['bench-2000_lines_10_problems.yml', 10],
}
const gunzip = await readFile(new URL('gunzip-worker.mjs', import.meta.url))

const types = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' }
const server = createServer(async (request, response) => {
  const path = new URL(request.url, 'http://x').pathname
  const own = {
    '/': '<!doctype html><title>bench</title><input type="file">', '/peer.js': peer.outputFiles[0].contents, '/gunzip.js': gunzip,
  }
  const text = Object.values(texts).find(([name]) => path === `/${name}`)
  const body = own[path] ?? (text && (await readFile(join(root, 'target', text[0])))) ?? (await readFile(join(root, 'target/site', path)).catch(() => null))
  response.writeHead(body === null ? 404 : 200, { 'content-type': types[extname(path)] ?? 'text/html' })
  response.end(body)
})
await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
const url = `http://127.0.0.1:${server.address().port}/`
const launch = () =>
  chromium.launch({ executablePath: process.env.KRT_CONSOLE_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
let figures
try {
  figures = { ...(await manifests()), ...(await largePackage(launch, url, packageBytes)), ...(await loads(launch)) }
} finally {
  server.close()
}
for (const [name, value] of Object.entries(figures)) console.log(`${name.replaceAll('_', ' ').padEnd(40)} ${value}`)
const file = join(root, 'target/bench.json')
const before = JSON.parse(await readFile(file, 'utf8').catch(() => '{}'))
await writeFile(file, `${JSON.stringify({ ...before, ...figures }, null, 2)}\n`)

/** The same files to both workers, in turns. */
async function manifests() {
  const browser = await launch()
  try {
    const page = await browser.newPage()
    await page.goto(url)
    const found = {}
    for (const [name, [file, problems]] of Object.entries(texts)) {
      const { times, handed } = await page.evaluate(inTurns, [file, problems, WARM_UP + ROUNDS])
      const [ours, theirs] = times.map((all) => median(all.slice(WARM_UP)))
      found[`browser_check_${name}_ms`] = round(ours)
      found[`browser_js_yaml_ajv_${name}_ms`] = round(theirs)
      found[`browser_check_${name}_times_faster`] = round(theirs / ours)
      found[`browser_check_${name}_first_ms`] = round(times[0][0])
      found[`browser_js_yaml_ajv_${name}_first_ms`] = round(times[1][0])
      // The model and the text, which the page draws: no part of what the peer does.
      found[`browser_check_${name}_handed_over_ms`] = round(median(handed.slice(WARM_UP)))
    }
    return found
  } finally {
    await browser.close()
  }
}

/** In the page: the milliseconds of each. */
async function inTurns([name, problems, rounds]) {
  const file = new File([await (await fetch(`/${name}`)).blob()], 'krt.yml')
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
  const [times, handed] = [[[], []], []]
  for (let round = 0; round < rounds; round++) {
    for (const [at, worker] of workers.entries()) {
      const { report, millis, handedOver } = await ask(worker)
      const { diagnostics, errors } = JSON.parse(report.buffer ? new TextDecoder().decode(report) : report)
      const wrong = diagnostics?.filter(({ fixes, severity }) => severity === 'error' || fixes) ?? errors ?? []
      // A schema has its own count of what is wrong.
      if (diagnostics ? wrong.length !== problems : problems === 0 && wrong.length > 0) throw new Error(JSON.stringify(wrong.slice(0, 3)))
      times[at].push(millis)
      if (handedOver !== undefined) handed.push(handedOver)
    }
  }
  for (const worker of workers) worker.terminate()
  return { times, handed }
}

function median(values) {
  return values.toSorted((left, right) => left - right)[values.length >> 1]
}

function round(value) {
  return Math.round(value * 100) / 100
}
