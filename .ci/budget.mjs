// What the first load weighs: WASM, JavaScript and CSS as brotli sends them, held against end2end/budget.json.

import { readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const pkg = join(root, 'target/site/pkg')
const budget = JSON.parse(readFileSync(join(root, 'end2end/budget.json'), 'utf8')).firstLoadBrotliBytes
const files = readdirSync(pkg)

/** The compressed size of the file with this name and ending. */
function sent(name, ending) {
  const file = files.find((file) => file.startsWith(`${name}.`) && file.endsWith(`.${ending}.br`))
  return statSync(join(pkg, file)).size
}

const parts = ['wasm', 'js', 'css'].map((ending) => [ending, sent('krt-console', ending)])
const total = parts.reduce((sum, [, bytes]) => sum + bytes, 0)
const lines = [...parts, ['first load', total], ['budget', budget], ['checker, later', sent('krt-checker', 'wasm')]]
for (const [name, bytes] of lines) console.log(`${name.padEnd(14)} ${String(bytes).padStart(8)} bytes`)
if (total > budget) {
  console.error(`\nThe first load is ${total - budget} bytes above its budget. Make it smaller, or raise the number in end2end/budget.json and say why.`)
  process.exit(1)
}
