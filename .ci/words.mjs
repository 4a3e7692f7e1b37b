// Writes every text that people read into target/visible-strings.txt, for somebody to read it from end to end, and fails on
// words that must not come back: the product's own vocabulary, where a reader has a word already.
//
// Read are the strings and the help texts of the Rust sources without tests, the rule pages and the documents.

import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const sources = ['app/src', 'app/checker/src', 'app/krt/src', 'server/src', 'server/embedded/src']
const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'server/embedded/CONTRACT.md']
// Their doc comments are what --help prints.
const help = /^server\/src\/(cli|settings|cluster\/settings)/

/** Words that must not come back, and what to write instead. */
const unwanted = [
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\bput away\b/i, 'discard'],
  [/\btold\b/i, 'reported, shown, named'],
  [/\bby the button\b/i, 'the name of the button'],
  [/\bblanks?\b/i, 'space, whitespace, empty'],
  [/\bfor ever\b/i, 'forever, or a number'],
  [/\bone can\b/i, 'you can'],
  [/\bwhoever\b/i, 'the person who'],
  [/\b(he|him|his)\b/, 'they, them, their'],
  [/\bis no (KRT|valid|manifest|package|form|number|file|archive)\b/i, 'is not a …'],
  [/\bwish(es|ed)?\b/i, 'desired state, wants'],
  [/\bsettled\b/i, 'recorded'],
  [/\bthe bell\b/i, 'notification'],
  [/\bailing\b/i, 'unhealthy'],
  [/\bslips?\b/i, 'typo'],
  [/\bleftovers?\b/i, 'what remains; prune'],
  [/\bto be looked (at|for|after)\b/i, 'an active verb'],
  [/\bculprit\b/i, 'the failed process, the cause'],
  [/\bobstacle\b/i, 'rejection'],
]
/** Where such a word is meant: code, a column of the database. */
const meant = [/`[^`]*`/g, /\b[a-z-]+-blank\b/g, /\b(wish|settled)(_at)?(?= (TEXT|IN|=|\|\|))/g]

const found = []
for (const folder of sources) for (const file of await filesIn(join(root, folder), '.rs')) await rust(file)
for (const file of await filesIn(join(root, 'app/krt/rules'), '.md')) await page(file)
for (const file of documents) await page(join(root, file))

await mkdir(join(root, 'target'), { recursive: true })
await writeFile(join(root, 'target/visible-strings.txt'), found.map(({ place, text }) => `${place}: ${text}\n`).join(''))
let faults = 0
for (const { place, text } of found) {
  const plain = meant.reduce((text, pattern) => text.replace(pattern, ''), text)
  for (const [pattern, better] of unwanted) {
    const word = plain.match(pattern)
    if (word) {
      faults += 1
      console.error(`${place}: "${word[0]}" (better: ${better}) in: ${text.slice(0, 120)}`)
    }
  }
}
console.log(`${found.length} texts in target/visible-strings.txt, ${faults} with a word that must not come back`)
process.exit(faults ? 1 : 0)

async function rust(file) {
  const path = relative(root, file)
  if (/(^|\/)tests?(\/|\.rs$)|fixtures?\.rs$/.test(path)) return
  const whole = await readFile(file, 'utf8')
  const content = whole.split('#[cfg(test)]')[0]
  // Comments, raw strings, strings, characters and lifetimes, in this order.
  const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|r#"([\s\S]*?)"#|"((?:\\[\s\S]|[^"\\])*)"|'(?:\\.|[^'\\\n])'|'\w+/g
  for (const match of content.matchAll(token)) {
    const comment = help.test(path) && match[0].match(/^\/\/\/ ?(.*)/)
    const text = comment ? comment[1] : (match[1] ?? match[2])
    if (text === undefined || !reads(text)) continue
    const line = content.slice(0, match.index).split('\n').length
    found.push({ place: `${path}:${line}`, text: text.replace(/\\\n\s*/g, '').replace(/\s+/g, ' ').trim() })
  }
}

/** Whether it is a text and not a name, a path, a pattern or SQL. */
function reads(text) {
  return /[A-Za-z]{2}.* .*[a-z]{2}|^[A-Z][a-z]+$/s.test(text) && !/^\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|PRAGMA|WITH|WHERE|FROM|AND|ORDER|VALUES|UNION)\b/.test(text)
}

async function page(file) {
  let isExample = false
  for (const [at, line] of (await readFile(file, 'utf8')).split('\n').entries()) {
    if (line.startsWith('```')) isExample = !isExample
    else if (!isExample && line.trim()) found.push({ place: `${relative(root, file)}:${at + 1}`, text: line.trim() })
  }
}

async function filesIn(folder, ending) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(ending))
  return files.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort()
}
