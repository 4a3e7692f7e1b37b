// Turns the compiled WASM, style/ and public/ into target/site, the folder that the server serves:
//
//   pkg/krt-console.<hash>.{js,wasm,css}   the pages, named by their content, so that browsers may keep them for ever
//   pkg/krt-console-*.<hash>.wasm          chunks: code of some pages, loaded with the first of them
//   pkg/krt-checker.<hash>.wasm            the check of packages, and
//   check-worker.js                        the worker that loads it
//   …                                      what lies in public/, under its own names
//   hash.txt                               the hashes, as Leptos reads them (LEPTOS_HASH_FILES), and the chunks of each
//                                          group of pages
//   *.br, *.gz                             compressed siblings, so that the server never compresses a file
//
// The folder is built beside the old one and then exchanged, so that a running server never serves half of it.

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { filesOf } from './chunks.mjs'
import { checker, pages, prepare } from './wasm.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const esbuild = createRequire(join(root, 'end2end/package.json'))('esbuild')

const work = join(root, 'target/front')
const site = join(root, 'target/site')
const fresh = join(work, 'site')

/**
 * Ways to write distances down (NPOSTFIX, NDIRECT). Which one makes a large file shortest is chance, and so is what one of
 * them makes of a small change: up to 3 kB either way of a WASM. The shortest of some is both smaller and steadier.
 */
const distances = [[0, 0], [0, 6], [0, 12], [1, 2], [1, 18], [2, 8]]

// What compresses well; pictures and fonts are compressed already.
const compressible = /\.(css|html|js|json|map|svg|txt|wasm|webmanifest|xml)$/
// Below this a response fits into one packet anyway.
const compressFrom = 1024
// What today's browsers agree on; older ones still have the pages without JavaScript.
const bundled = {
  bundle: true, minify: true, write: false, format: 'esm', target: ['chrome111', 'firefox114', 'safari16.4'],
  legalComments: 'none', logLevel: 'warning',
}

await mkdir(work, { recursive: true })
const [key, was] = [await inputs(), join(work, 'inputs')]
if (existsSync(join(site, 'hash.txt')) && existsSync(was) && (await readFile(was, 'utf8')) === key) process.exit(0)
try {
  await build()
  await writeFile(was, key)
} catch (error) {
  // esbuild and the programs have printed what is wrong by themselves; only what they have not is left to say.
  if (!error.errors && !error.stderr) console.error(error)
  process.exit(1)
}

async function build() {
  const page = await prepare(pages, work)
  const check = await prepare(checker, work)
  await rm(fresh, { recursive: true, force: true })
  await mkdir(join(fresh, 'pkg'), { recursive: true })
  await cp(join(root, 'public'), fresh, { recursive: true })

  const wasm = await put(pages.name, 'wasm', await readFile(page.wasm))
  let script = naming(await bundle(page.glue), `${pages.name}_bg.wasm`, `${pages.name}.${wasm}.wasm`)
  const chunks = new Map()
  for (const [file, path] of page.files) {
    const name = `${pages.name}-${file}`
    chunks.set(file, `${name}.${await put(name, 'wasm', await readFile(path))}.wasm`)
    script = naming(script, `./file-${file}.wasm`, `./${chunks.get(file)}`)
  }
  const js = await put(pages.name, 'js', Buffer.from(script))
  const css = await put(pages.name, 'css', await styles())
  const groups = Object.entries(filesOf).map(([group, files]) => {
    const names = files.flatMap((file) => chunks.get(file) ?? [])
    return `chunks-${group}: ${names.join(' ')}\n`
  })
  await writeFile(join(fresh, 'hash.txt'), [`js: ${js}\n`, `wasm: ${wasm}\n`, `css: ${css}\n`, ...groups].join(''))

  const checkWasm = await put(checker.name, 'wasm', await readFile(check.wasm))
  const worker = await bundle(join(root, 'app/checker/worker.js'), { alias: { checker: check.glue } })
  // The worker lies a folder above.
  await writeFile(join(fresh, 'check-worker.js'), naming(worker, `${checker.name}_bg.wasm`, `pkg/${checker.name}.${checkWasm}.wasm`))

  await compressAll(fresh)
  const old = join(work, 'site.old')
  await rm(old, { recursive: true, force: true })
  if (existsSync(site)) await rename(site, old)
  await rename(fresh, site)
  await rm(old, { recursive: true, force: true })
}

/** Everything that the site is made of, as one hash. */
async function inputs() {
  const hash = createHash('sha256')
  const files = [pages.compiled, checker.compiled, join(root, 'app/checker/worker.js')]
  for (const folder of ['.ci', 'style', 'public']) files.push(...(await filesIn(join(root, folder))))
  files.push(join(root, 'end2end/package-lock.json'))
  for (const file of files) hash.update(relative(root, file)).update('\0').update(await readFile(file))
  return hash.digest('hex')
}

/** A script with everything that it imports, minified. */
async function bundle(entry, options = {}) {
  const result = await esbuild.build({ ...bundled, ...options, entryPoints: [entry] })
  return result.outputFiles[0].text
}

/** wasm-bindgen's glue, loading a WASM by the name that it has in the site. */
function naming(script, before, after) {
  if (!script.includes(before)) throw new Error(`the glue does not name ${before}`)
  return script.replaceAll(before, after)
}

/** style/main.css with what it imports, as one file. */
async function styles() {
  const result = await esbuild.build({ ...bundled, entryPoints: [join(root, 'style/main.css')] })
  return Buffer.from(result.outputFiles[0].contents)
}

/** Writes a file of the package under its hashed name and returns the hash. */
async function put(name, ending, bytes) {
  // 80 bits: no collision by accident, and names that people can still tell apart.
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 20)
  await writeFile(join(fresh, 'pkg', `${name}.${hash}.${ending}`), bytes)
  return hash
}

async function compressAll(folder) {
  const files = (await filesIn(folder)).filter((file) => compressible.test(file) && !file.endsWith('/hash.txt'))
  await Promise.all(files.map(async (file) => {
    const bytes = await readFile(file)
    if (bytes.length < compressFrom) return
    await writeFile(`${file}.br`, await brotli(bytes))
    await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }))
  }))
}

/** As short as brotli gets it. */
async function brotli(bytes) {
  const written = async ([postfix, direct]) => {
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      [constants.BROTLI_PARAM_NPOSTFIX]: postfix,
      [constants.BROTLI_PARAM_NDIRECT]: direct,
    }
    return promisify(brotliCompress)(bytes, { params })
  }
  const all = await Promise.all(distances.map(written))
  return all.reduce((least, next) => (next.length < least.length ? next : least))
}

/** All files below a folder, sorted, hidden ones left out. */
async function filesIn(folder) {
  const found = []
  for (const entry of (await readdir(folder)).sort()) {
    if (entry.startsWith('.')) continue
    const path = join(folder, entry)
    if ((await stat(path)).isDirectory()) found.push(...(await filesIn(path)))
    else found.push(path)
  }
  return found
}
