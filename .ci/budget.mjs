// What the first load weighs: WASM, JavaScript and CSS as brotli sends them, held against end2end/budget.json.
// With --json: only the figures.

import { readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const pkg = join(root, 'target/site/pkg')
const budget = JSON.parse(readFileSync(join(root, 'end2end/budget.json'), 'utf8')).firstLoadBrotliBytes

const bytes = {}
for (const ending of ['wasm', 'js', 'css']) {
  const file = readdirSync(pkg).find((name) => name.endsWith(`.${ending}`))
  // A file too small to be worth compressing is sent as it is.
  const sent = readdirSync(pkg).includes(`${file}.br`) ? `${file}.br` : file
  bytes[ending] = statSync(join(pkg, sent)).size
}
bytes.total = bytes.wasm + bytes.js + bytes.css

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ ...bytes, budget }))
} else {
  for (const [name, size] of Object.entries(bytes)) console.log(`${name.padEnd(6)} ${String(size).padStart(8)} bytes`)
  console.log(`budget ${String(budget).padStart(8)} bytes`)
  if (bytes.total > budget) {
    console.error(`\nThe first load is ${bytes.total - budget} bytes above its budget. Make it smaller, or raise the number in end2end/budget.json and say why.`)
    process.exit(1)
  }
}
