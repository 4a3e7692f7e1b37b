// Makes the parts of the console for `make dev`: neither optimised nor compressed nor named by hashes. The two halves have
// target folders of their own, so that cargo compiles them at the same time.

import { execFile, spawn } from 'node:child_process'
import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const esbuild = createRequire(join(root, 'end2end/package.json'))('esbuild')

export const site = join(root, 'target/dev/site')
/** What bindgen makes; it goes into the site together with the server that belongs to it. */
const made = join(root, 'target/dev/bound')
const compiled = join(root, 'target/wasm32-unknown-unknown/quick')
const modules = new Map([['krt-console', join(compiled, 'app.wasm')], ['krt-checker', join(compiled, 'checker.wasm')]])
export const program = join(root, 'target/dev/quick/krt-console')

/** style/main.css with what it imports, as one file. */
export async function styles() {
  await esbuild.build({
    entryPoints: [join(root, 'style/main.css')], outfile: join(site, 'pkg/krt-console.css'),
    bundle: true, sourcemap: 'inline', logLevel: 'warning',
  })
}

export async function publicFiles() {
  await cp(join(root, 'public'), site, { recursive: true })
}

/** The worker of the check, a folder above its WASM. */
export async function worker() {
  const { outputFiles: [bundle] } = await esbuild.build({
    entryPoints: [join(root, 'app/checker/worker.js')], alias: { checker: join(made, 'krt-checker.js') },
    bundle: true, write: false, format: 'esm', logLevel: 'warning',
  })
  await mkdir(join(site, 'pkg'), { recursive: true })
  await cp(join(made, 'krt-checker_bg.wasm'), join(site, 'pkg/krt-checker_bg.wasm'))
  await writeFile(join(site, 'check-worker.js'), bundle.text.replaceAll('krt-checker_bg.wasm', 'pkg/krt-checker_bg.wasm'))
}

/** Compiles WASM of the pages and of the check, and makes their JavaScript. */
export async function browserHalf(how) {
  // Relocations: without them the chunks cannot be told apart. They are for the splitting step only.
  const outcome = await cargo([
    '-p', 'app', '-p', 'checker', '--lib', '--target', 'wasm32-unknown-unknown', '--features', 'app/hydrate',
    '--config', 'target.wasm32-unknown-unknown.rustflags=["-Clink-arg=--emit-relocs"]',
  ], how)
  if (!outcome.ok) return outcome
  await Promise.all([...modules].map(async ([name, wasm]) => {
    if ((await modified(wasm)) < (await modified(join(made, `${name}.js`)))) return
    await promisify(execFile)(join(root, '.tools/bin/bindgen'), [name, wasm, made, ...(name === 'krt-console' ? ['split'] : [])])
  }))
  return outcome
}

/** Puts what `browserHalf` made into the site. */
export async function publishBrowserHalf() {
  await cp(made, join(site, 'pkg'), { recursive: true })
  const glue = join(site, 'pkg/krt-console.js')
  // The script of .ci/dev/page.js waits for hydration.
  const [declared, renamed] = ['export function hydrate(', 'function hydrateOnly(']
  const text = await readFile(glue, 'utf8')
  if (!text.includes(declared)) throw new Error(`bindgen's glue does not contain: ${declared}`)
  const wrapped = "export function hydrate() { hydrateOnly(); dispatchEvent(new Event('krt-dev-hydrated')) }\n"
  await writeFile(glue, text.replace(declared, wrapped + renamed))
  await worker()
}

/** Compiles the program. */
export function serverHalf(how) {
  return cargo(['-p', 'server', '--target-dir', 'target/dev'], how)
}

/** What each half was compiled to, told from other times: cargo leaves alone what a change does not concern. */
export async function stampOf(half) {
  const files = half === 'browser' ? [...modules.values()] : [program]
  return (await Promise.all(files.map(modified))).join()
}

/** `how.loud`: with cargo's own progress, for a build of minutes. `how.signal` ends it. */
function cargo(options, { loud = false, signal }) {
  if (signal.aborted) return Promise.resolve({ ok: false, text: '' })
  const command = ['build', '--profile', 'quick', '--color', process.stderr.isTTY ? 'always' : 'auto', ...options]
  return new Promise((resolve, reject) => {
    // A group of its own, so that the compilers end with it.
    const child = spawn('bash', ['-c', '. .tools/wasm.env && exec cargo "$@"', 'cargo', ...command, ...(loud ? [] : ['-q'])], {
      cwd: root, detached: true, stdio: ['ignore', 'inherit', loud ? 'inherit' : 'pipe'],
    })
    const end = () => process.kill(-child.pid, 'SIGTERM')
    signal.addEventListener('abort', end, { once: true })
    const pieces = []
    child.stderr?.on('data', (piece) => pieces.push(piece))
    child.on('error', reject)
    child.on('close', (code) => {
      signal.removeEventListener('abort', end)
      resolve({ ok: code === 0, text: Buffer.concat(pieces).toString() })
    })
  })
}

/** When a file was written last, in milliseconds; 0 when there is none. */
async function modified(file) {
  return stat(file).then(({ mtimeMs }) => mtimeMs, () => 0)
}
