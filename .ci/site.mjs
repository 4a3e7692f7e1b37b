// Turns the compiled WASM, style/ and public/ into target/site, the folder that the server serves:
//
//   pkg/krt-console.<hash>.{js,wasm,css}   named by their content, so that browsers may keep them for ever
//   …                                      what lies in public/, under its own names
//   hash.txt                               the hashes, as Leptos reads them (LEPTOS_HASH_FILES)
//   *.br, *.gz                             compressed siblings, so that the server never compresses a file
//
// The folder is built beside the old one and then exchanged, so that a running server never serves half of it.

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { snip } from './snip.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const require = createRequire(join(root, 'end2end/package.json'))
const esbuild = require('esbuild')

const name = 'krt-console'
const compiled = join(root, 'target/wasm32-unknown-unknown/wasm-release/app.wasm')
const work = join(root, 'target/front')
const site = join(root, 'target/site')
const fresh = join(work, 'site')
// What the result depends on besides its input.
const scripts = ['.ci/site.mjs', '.ci/snip.mjs', 'end2end/package-lock.json'].map((file) => join(root, file))

// What compresses well; pictures and fonts are compressed already.
const compressible = /\.(css|html|js|json|map|svg|txt|wasm|webmanifest|xml)$/
// Below this a response fits into one packet anyway.
const compressFrom = 1024
// The way that lazily loaded routes take over the server's nodes: every erased view has it in its table of functions,
// and this console has no such routes. Only the asynchronous functions themselves are meant, not what they hold or call:
// the compiler merges those with their like in use.
const neverCalled = /::hydrate_async(::\{\{closure\}\})*(::h[0-9a-f]{16})?$/
// What today's browsers agree on; older ones still have the pages without JavaScript.
const browsers = ['chrome111', 'firefox114', 'safari16.4']

await mkdir(work, { recursive: true })
const key = await inputs()
if (existsSync(join(site, 'hash.txt')) && (await text(join(work, 'inputs'))) === key) process.exit(0)

try {
  await build()
} catch (error) {
  // esbuild and the programs have printed what is wrong by themselves; only what they have not is left to say.
  if (!error.errors && !error.stderr) console.error(error)
  process.exit(1)
}

async function build() {
  await bindgen()
  await rm(fresh, { recursive: true, force: true })
  await mkdir(join(fresh, 'pkg'), { recursive: true })
  if (existsSync(join(root, 'public'))) await cp(join(root, 'public'), fresh, { recursive: true })

  const wasm = await put('wasm', await readFile(join(work, 'optimised.wasm')))
  const js = await put('js', await glue(`${name}.${wasm}.wasm`))
  const css = await put('css', await styles())
  await writeFile(join(fresh, 'hash.txt'), `js: ${js}\nwasm: ${wasm}\ncss: ${css}\n`)
  await compressAll(fresh)

  const old = join(work, 'site.old')
  await rm(old, { recursive: true, force: true })
  if (existsSync(site)) await rename(site, old)
  await rename(fresh, site)
  await rm(old, { recursive: true, force: true })
  await writeFile(join(work, 'inputs'), key)
}

/** Everything that the site is made of, as one hash. */
async function inputs() {
  const hash = createHash('sha256')
  const files = [compiled, ...scripts]
  for (const folder of ['style', 'public']) files.push(...(await filesIn(join(root, folder))))
  for (const file of files) hash.update(relative(root, file)).update('\0').update(await readFile(file))
  return hash.digest('hex')
}

/** The WASM's JavaScript glue and the optimised WASM, into the work folder; only when the compiled WASM changed. */
async function bindgen() {
  const was = hashOf(Buffer.concat(await Promise.all([compiled, ...scripts].map((file) => readFile(file)))))
  if ((await text(join(work, 'bindgen.of'))) === was && existsSync(join(work, 'optimised.wasm'))) return
  const out = join(work, 'bindgen')
  await rm(out, { recursive: true, force: true })
  await run(join(root, '.tools/bin/wasm-bindgen'), ['--target', 'web', '--no-typescript', '--out-dir', out, '--out-name', name, compiled])
  say('optimising the WASM for size (about a minute)')
  // The features that rustc turns on by default for this target; wasm-opt would otherwise refuse or drop them.
  const features = ['--enable-bulk-memory', '--enable-nontrapping-float-to-int', '--enable-sign-ext', '--enable-mutable-globals', '--enable-reference-types', '--enable-multivalue']
  const optimiser = join(dirname(require.resolve('binaryen/package.json')), 'bin/wasm-opt')
  const input = join(work, 'snipped.wasm')
  const { taken, saved } = snip(join(out, `${name}_bg.wasm`), input, neverCalled)
  if (taken === 0) throw new Error('nothing was taken out of the WASM: have its functions lost their names?')
  say(`took ${taken} functions that are never called out of the WASM (${saved} bytes)`)
  await run(process.execPath, [optimiser, '-Oz', ...features, input, '-o', join(work, 'optimised.wasm')])
  await writeFile(join(work, 'bindgen.of'), was)
}

/** The glue, minified, together with the snippets it imports, and naming the hashed WASM as its default. */
async function glue(wasmName) {
  const result = await esbuild.build({
    entryPoints: [join(work, 'bindgen', `${name}.js`)],
    bundle: true, minify: true, write: false, format: 'esm', target: browsers, legalComments: 'none', logLevel: 'warning',
  })
  const code = result.outputFiles[0].text
  const before = `${name}_bg.wasm`
  if (!code.includes(before)) throw new Error(`the glue does not name ${before}`)
  return Buffer.from(code.replaceAll(before, wasmName))
}

/** style/main.css with what it imports, as one file. */
async function styles() {
  const result = await esbuild.build({
    entryPoints: [join(root, 'style/main.css')],
    bundle: true, minify: true, write: false, target: browsers, legalComments: 'none', logLevel: 'warning',
  })
  return Buffer.from(result.outputFiles[0].contents)
}

/** Writes one file of the package under its hashed name and returns the hash. */
async function put(ending, bytes) {
  const hash = hashOf(bytes)
  await writeFile(join(fresh, 'pkg', `${name}.${hash}.${ending}`), bytes)
  return hash
}

async function compressAll(folder) {
  const files = (await filesIn(folder)).filter((file) => compressible.test(file) && !file.endsWith('/hash.txt'))
  await Promise.all(files.map(async (file) => {
    const bytes = await readFile(file)
    if (bytes.length < compressFrom) return
    const [br, gz] = await Promise.all([
      promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
      promisify(gzip)(bytes, { level: 9 }),
    ])
    await writeFile(`${file}.br`, br)
    await writeFile(`${file}.gz`, gz)
  }))
}

/** All files below a folder, sorted, hidden ones left out. */
async function filesIn(folder) {
  if (!existsSync(folder)) return []
  const found = []
  for (const entry of (await readdir(folder)).sort()) {
    if (entry.startsWith('.')) continue
    const path = join(folder, entry)
    if ((await stat(path)).isDirectory()) found.push(...(await filesIn(path)))
    else found.push(path)
  }
  return found
}

function hashOf(bytes) {
  // 80 bits: no collision by accident, and names that people can still tell apart.
  return createHash('sha256').update(bytes).digest('hex').slice(0, 20)
}

async function text(file) {
  return existsSync(file) ? await readFile(file, 'utf8') : ''
}

async function run(program, args) {
  try {
    await promisify(execFile)(program, args, { maxBuffer: 1 << 26 })
  } catch (error) {
    console.error(error.stderr || error.message)
    throw error
  }
}

function say(words) {
  console.error(`• ${words}`)
}
