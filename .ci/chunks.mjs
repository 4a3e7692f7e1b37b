// From the pieces into which the pages' WASM is cut to the files that browsers load.
//
// The cut makes a piece for every set of groups that need the same code: some ninety. Loaded one by one they would cost
// more in requests, and in what brotli finds twice, than they save. Here each piece goes into a file that all groups of
// its set load anyway.

import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const binaryen = join(dirname(createRequire(join(root, 'end2end/package.json')).resolve('binaryen/package.json')), 'bin')

/**
 * The files that each group (app/src/routes.rs) loads beside the main one: a file of its own name, and shared ones. More shared
 * files make pages smaller, but each page has a budget of requests, too.
 */
export const filesOf = {
  lists: ['forms', 'overview', 'lists'],
  runtime: ['forms', 'overview', 'runtime'],
  version: ['version'],
  workflows: ['version', 'tab', 'workflows'],
  tabs: ['version', 'tab', 'tabs'],
  edit: ['forms', 'version', 'edit'],
  action: ['forms', 'version', 'action'],
  package: ['forms', 'runtime', 'version', 'workflows', 'package'],
}

/** The module that files import memory and table from. */
const MAIN = 'main'

/** The file for each piece: of those that all groups of its set load, the one that the fewest load, its own first; else the main file. */
export function assign(pieces) {
  const sets = new Map()
  for (const [group, names] of Object.entries(pieces)) {
    if (!filesOf[group]) throw new Error(`.ci/chunks.mjs does not know the group ${group}`)
    for (const name of names) sets.set(name, [...(sets.get(name) ?? []), group])
  }
  const loads = (file) => Object.values(filesOf).filter((files) => files.includes(file)).length
  const assigned = new Map()
  for (const [name, groups] of sets) {
    const common = filesOf[groups[0]].filter((file) => groups.every((group) => filesOf[group].includes(file)))
    const isOwn = (file) => Number(file in filesOf)
    const file = common.sort((a, b) => loads(a) - loads(b) || isOwn(b) - isOwn(a) || (a < b ? -1 : 1))[0] ?? MAIN
    assigned.set(file, [...(assigned.get(file) ?? []), name].sort())
  }
  return assigned
}

/** Merges the pieces in `folder`; `wasm` is the path of the main part, and gets pieces, too. Answers with the names of the files. */
export async function merge(folder, wasm, enabled) {
  const assigned = assign(JSON.parse(await readFile(join(folder, 'chunks.json'), 'utf8')))
  const piece = (name) => [join(folder, `${name}.wasm`), name]
  const run = (program, ...options) => promisify(execFile)(process.execPath, [join(binaryen, program), ...enabled, ...options], { maxBuffer: 1 << 28 })
  const ofMain = assigned.get(MAIN) ?? []
  if (ofMain.length > 0) await run('wasm-merge', '-g', wasm, '__wasm_split', ...ofMain.flatMap(piece), '-o', wasm)
  const files = [...assigned.keys()].filter((file) => file !== MAIN).sort()
  if (files.length === 0) throw new Error('nothing was split off')
  const [first] = assigned.get(files[0])
  const hub = join(folder, 'hub.wat')
  await writeFile(hub, hubOf((await run('wasm-dis', join(folder, `${first}.wasm`))).stdout))
  for (const file of files) {
    await run('wasm-merge', hub, '__wasm_split', ...assigned.get(file).flatMap(piece), '-o', join(folder, `file-${file}.wasm`))
  }
  return files
}

/** A module that imports what every piece imports, and exports it to those that it is merged with: so that they share one memory. */
function hubOf(text) {
  const imports = [...text.matchAll(/^ \(import "__wasm_split" "(\w+)" (\((memory|table|global) .*\))\)$/gm)]
  if (imports.length === 0) throw new Error('the pieces import nothing from the main part')
  const count = { memory: 0, table: 0, global: 0 }
  const [received, passedOn] = [[], []]
  for (const [, name, type, kind] of imports) {
    received.push(`(import "${MAIN}" "${name}" ${type.replace(/\$\S+ /, '')})`)
    passedOn.push(`(export "${name}" (${kind} ${count[kind]++}))`)
  }
  return `(module ${[...received, ...passedOn].join('\n')})\n`
}

/** The script that loads files, in place of the one of the cut, which loads pieces. */
export async function writeLoader(script, files) {
  const logged = 'console.error(e);'
  const text = await readFile(script, 'utf8')
  if (!text.includes(logged)) throw new Error(`${script} does not contain: ${logged}`)
  // Browsers log by themselves when a file does not arrive, and this page says so, unless it is about to go.
  const made = text.replace(logged, `if (!(e instanceof TypeError)) ${logged}`)
  // Up to here it shares memory and table, and answers the calls of wasm_split_helpers.
  const at = made.search(/^(\/\*|const __chunk_|export const __wasm_split_load_)/m)
  if (at < 0) throw new Error(`${script} loads nothing`)
  const load = (file) => `const load_${file} = makeLoad(() => {
  const src = fetch(new URL("./file-${file}.wasm", import.meta.url))
  src.catch(() => {})
  return (imports) => WebAssembly.instantiateStreaming(src, { ${MAIN}: imports.__wasm_split })
}, [])`
  const group = ([name, needs]) => {
    const loads = needs.filter((file) => files.includes(file)).map((file) => `load_${file}()`)
    return `export const __wasm_split_load_${name} = wrapAsyncCb(() => Promise.all([${loads.join(', ')}]))`
  }
  await writeFile(script, [made.slice(0, at), ...files.map(load), ...Object.entries(filesOf).map(group), ''].join('\n'))
}
