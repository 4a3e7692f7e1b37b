// A large package, read to its end by the check and by the browser's own gunzip, in turns: time, and memory in a browser that
// has done nothing else.

import { rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { watch } from './memory.mjs'
import { writePackage } from './package.mjs'

const ROUNDS = 3

/** The figures of a package of so many bytes. `launch` starts a browser, `url` is a page with a field for files. */
export async function largePackage(launch, url, bytes) {
  const path = join(tmpdir(), `krt-bench-${process.pid}.krt`)
  try {
    const unpacked = await writePackage(path, bytes)
    const [checks, gunzips] = [[], []]
    for (let round = 0; round < ROUNDS; round++) {
      checks.push(await read(launch, url, path, '/check-worker.js'))
      gunzips.push(await read(launch, url, path, '/gunzip.js'))
    }
    const found = checks.flatMap(({ report }) => JSON.parse(report).diagnostics.map(({ code }) => code))
    if (found.length > 0) throw new Error(`the large package is refused: ${found}`)
    const [check, gunzip] = [median(checks, 'millis'), median(gunzips, 'millis')]
    return {
      browser_package_bytes: (await stat(path)).size,
      browser_package_unpacked_bytes: unpacked,
      browser_check_package_ms: Math.round(check),
      browser_gunzip_alone_ms: Math.round(gunzip),
      browser_check_share_of_gunzip_speed: Math.round((gunzip / check) * 100) / 100,
      browser_check_package_memory_mib: most(checks, 'resident'),
      browser_check_package_heap_mib: most(checks, 'heap'),
      browser_check_package_wasm_mib: most(checks, 'wasm'),
      browser_gunzip_alone_memory_mib: most(gunzips, 'resident'),
      browser_gunzip_alone_heap_mib: most(gunzips, 'heap'),
    }
  } finally {
    await rm(path, { force: true })
  }
}

/** One file, one worker, one browser. */
async function read(launch, url, path, script) {
  const browser = await launch()
  try {
    const page = await browser.newPage()
    await page.goto(url)
    await page.setInputFiles('input', path)
    const memory = await watch(browser, page)
    const told = await page.evaluate(
      (script) =>
        new Promise((resolve, reject) => {
          // Kept, so that it is still there to be asked when it has answered.
          const worker = (globalThis.worker = new Worker(script, { type: 'module' }))
          worker.onerror = (error) => reject(new Error(error.message))
          worker.onmessage = ({ data }) => {
            if (data.kind === 'failed') reject(new Error(data.message))
            if (data.kind === 'report') resolve({ ...data, report: data.report && new TextDecoder().decode(data.report), text: null })
          }
          worker.postMessage(document.querySelector('input').files[0])
        }),
      script,
    )
    return { ...told, ...(await memory()) }
  } finally {
    await browser.close()
  }
}

function median(runs, name) {
  return runs.map((run) => run[name]).toSorted((left, right) => left - right)[runs.length >> 1]
}

function most(runs, name) {
  return Math.max(...runs.map((run) => run[name]))
}
