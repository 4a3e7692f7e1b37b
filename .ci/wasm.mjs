// From a WASM module as rustc leaves it to what browsers load: JavaScript glue made, dead weight taken out, optimised.

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { merge, writeLoader } from './chunks.mjs'
import { neverCalled, snip } from './snip.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const require = createRequire(join(root, 'end2end/package.json'))
const target = join(root, 'target/wasm32-unknown-unknown')

/** The pages: a main file that everybody loads, and chunks for groups of pages. */
export const pages = {
  name: 'krt-console',
  compiled: join(target, 'wasm-release/app.wasm'),
  isSplit: true,
  // -Oz is smaller only until it is compressed.
  optimise: '-Os',
  neverCalled,
}

/** The check in the worker: loaded when a package is dropped. */
export const checker = {
  name: 'krt-checker',
  compiled: join(target, 'wasm-checker/checker.wasm'),
  // More of it makes what LLVM made slower (by a twentieth), and no smaller once it is compressed.
  optimise: '-O1',
  features: ['simd'],
}

// What rustc turns on by default for this target; wasm-opt would refuse or drop it otherwise.
const features = ['bulk-memory', 'nontrapping-float-to-int', 'sign-ext', 'mutable-globals', 'reference-types', 'multivalue']

/**
 * Makes glue and optimised WASM of a module below `work`, when it changed; answers with the paths of both, and with those of
 * the files that the module is split into, by name.
 */
export async function prepare(module, work) {
  const folder = join(work, module.name)
  const [glue, stamp] = [`${module.name}.js`, 'made-of'].map((file) => join(folder, file))
  const recipe = ['.ci/wasm.mjs', '.ci/chunks.mjs', '.ci/snip.mjs', '.ci/bindgen/Cargo.lock', '.ci/bindgen/Cargo.toml', '.ci/bindgen/src/main.rs', 'end2end/package-lock.json'].map((file) => join(root, file))
  const sources = await Promise.all([module.compiled, ...recipe].map((file) => readFile(file)))
  const madeOf = createHash('sha256').update(Buffer.concat(sources)).digest('hex')
  if (!existsSync(stamp) || (await readFile(stamp, 'utf8')) !== madeOf) {
    console.error(`• optimising ${module.name}.wasm (half a minute)`)
    await rm(folder, { recursive: true, force: true })
    await mkdir(join(folder, 'optimised'), { recursive: true })
    await run(join(root, '.tools/bin/bindgen'), [module.name, module.compiled, folder, ...(module.isSplit ? ['split'] : [])])
    const bound = join(folder, `${module.name}_bg.wasm`)
    if (module.neverCalled) takeOut((await readdir(folder)).filter((file) => file.endsWith('.wasm')).map((file) => join(folder, file)), module.neverCalled)
    if (module.isSplit) await writeLoader(join(folder, '__wasm_split.js'), await merge(folder, bound, enabled(module)))
    const made = (await readdir(folder)).filter((file) => /^file-.*\.wasm$/.test(file))
    await Promise.all([`${module.name}_bg.wasm`, ...made].map((file) => optimise(module, join(folder, file), join(folder, 'optimised', file))))
    await writeFile(stamp, madeOf)
  }
  const optimised = join(folder, 'optimised')
  const files = (await readdir(optimised)).filter((file) => file.startsWith('file-')).sort()
  return { glue, wasm: join(optimised, `${module.name}_bg.wasm`), files: new Map(files.map((file) => [file.slice('file-'.length, -'.wasm'.length), join(optimised, file)])) }
}

const enabled = (module) => [...features, ...(module.features ?? [])].map((feature) => `--enable-${feature}`)

async function optimise(module, from, to) {
  const optimiser = join(dirname(require.resolve('binaryen/package.json')), 'bin/wasm-opt')
  await run(process.execPath, [optimiser, module.optimise, ...enabled(module), from, '-o', to])
}

function takeOut(files, pattern) {
  const all = files.map((file) => snip(file, file, pattern))
  const sum = (count) => all.reduce((sum, one) => sum + count(one), 0)
  const taken = sum((one) => one.taken)
  if (taken === 0) throw new Error('nothing was taken out of the WASM: have its functions lost their names?')
  console.error(`• took ${taken} functions that are never called out of it (${sum((one) => one.saved)} bytes)`)
}

async function run(program, options) {
  try {
    await promisify(execFile)(program, options, { maxBuffer: 1 << 26 })
  } catch (error) {
    console.error(error.stderr || error.message)
    throw error
  }
}
