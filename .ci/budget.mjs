// What the first load of each page weighs: WASM, JavaScript and CSS as brotli sends them, held against end2end/budget.json.
// A browser spec holds against the same file what the pages really request.

import { readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const pkg = join(root, 'target/site/pkg')
const budget = JSON.parse(readFileSync(join(root, 'end2end/budget.json'), 'utf8'))
const hashes = new Map(readFileSync(join(root, 'target/site/hash.txt'), 'utf8').trim().split('\n').map((line) => line.split(': ')))

const sent = (file) => statSync(join(pkg, `${file}.br`), { throwIfNoEntry: false })?.size ?? statSync(join(pkg, file)).size
const main = Object.fromEntries(['wasm', 'js', 'css'].map((kind) => [kind, sent(`krt-console.${hashes.get(kind)}.${kind}`)]))
const chunks = new Map()
for (const [key, names] of hashes) if (key.startsWith('chunks-')) for (const name of names.split(' ')) chunks.set(name, sent(name))

const line = (name, bytes, more = '') => console.log(`${name.padEnd(28)} ${String(bytes).padStart(8)} bytes${more}`)
for (const [kind, bytes] of Object.entries(main)) line(`main ${kind}`, bytes)
for (const [name, bytes] of chunks) line(name.replace(/^krt-console-(.*)\.[0-9a-f]+\.wasm$/, 'chunk $1'), bytes)
const sum = (numbers) => [...numbers].reduce((sum, number) => sum + number, 0)
line('all of it', sum(Object.values(main)) + sum(chunks.values()))
line('checker, later', sent(readdirSync(pkg).find((file) => /^krt-checker\.[0-9a-f]+\.wasm$/.test(file))))
console.log()

const over = []
for (const [page, { groups, bytes }] of Object.entries(budget.pages)) {
  const needed = new Set((groups ?? []).flatMap((group) => hashes.get(`chunks-${group}`).split(' ')))
  const weight = main.css + (groups ? main.js + main.wasm : 0) + sum([...needed].map((name) => chunks.get(name)))
  line(page, weight, ` of ${bytes}`)
  if (weight > bytes) over.push(`${page}: ${weight - bytes} bytes above its budget`)
}
if (over.length > 0) {
  console.error(`\n${over.join('\n')}\nMake it smaller, or raise the number in end2end/budget.json and say why.`)
  process.exit(1)
}
