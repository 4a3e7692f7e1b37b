// From a WASM module as rustc leaves it to what browsers load: JavaScript glue made, dead weight taken out, optimised.

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { snip } from './snip.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const require = createRequire(join(root, 'end2end/package.json'))
const target = join(root, 'target/wasm32-unknown-unknown')

/** The pages: every byte is loaded by everybody. */
export const pages = {
  name: 'krt-console',
  compiled: join(target, 'wasm-release/app.wasm'),
  optimise: '-Oz',
  // The way that lazily loaded routes take over the server's nodes: every erased view has it in its table of
  // functions, and this console has no such routes. Only the asynchronous functions themselves are meant, not what
  // they hold or call: the compiler merges those with their like in use.
  neverCalled: /::hydrate_async(::\{\{closure\}\})*(::h[0-9a-f]{16})?$/,
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

/** Makes glue and optimised WASM of a module below `work`, when it changed; answers with the paths of both. */
export async function prepare(module, work) {
  const folder = join(work, module.name)
  const [glue, wasm, stamp] = [`${module.name}.js`, 'optimised.wasm', 'made-of'].map((file) => join(folder, file))
  const recipe = ['.ci/wasm.mjs', '.ci/snip.mjs', '.ci/bindgen/Cargo.lock', '.ci/bindgen/Cargo.toml', '.ci/bindgen/src/main.rs', 'end2end/package-lock.json'].map((file) => join(root, file))
  const sources = await Promise.all([module.compiled, ...recipe].map((file) => readFile(file)))
  const madeOf = createHash('sha256').update(Buffer.concat(sources)).digest('hex')
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === madeOf) return { glue, wasm }

  console.error(`• optimising ${module.name}.wasm (half a minute)`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await run(join(root, '.tools/bin/bindgen'), [module.name, module.compiled, folder])
  const bound = join(folder, `${module.name}_bg.wasm`)
  if (module.neverCalled) takeOut(bound, module.neverCalled)
  const optimiser = join(dirname(require.resolve('binaryen/package.json')), 'bin/wasm-opt')
  const enabled = [...features, ...(module.features ?? [])].map((feature) => `--enable-${feature}`)
  await run(process.execPath, [optimiser, module.optimise, ...enabled, bound, '-o', wasm])
  await writeFile(stamp, madeOf)
  return { glue, wasm }
}

function takeOut(file, pattern) {
  const { taken, saved } = snip(file, file, pattern)
  if (taken === 0) throw new Error('nothing was taken out of the WASM: have its functions lost their names?')
  console.error(`• took ${taken} functions that are never called out of it (${saved} bytes)`)
}

async function run(program, options) {
  try {
    await promisify(execFile)(program, options, { maxBuffer: 1 << 26 })
  } catch (error) {
    console.error(error.stderr || error.message)
    throw error
  }
}
