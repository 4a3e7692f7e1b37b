// Takes functions out of a WASM module that are linked in but never called, by name, before it is optimised.
//
// Leptos keeps a table of functions for every type of view, and each table names a way of hydrating that only
// `hydrate_lazy` uses (https://github.com/leptos-rs/leptos/issues/4438). This console loads the code of a page before it
// hydrates the page, and has no use for it, but no optimiser can prove that. Taking it out saves 20 kB of the first load.
// What is taken out traps when it is called, which a browser spec would see. Leptos 0.9 makes `hydrate_async` a feature
// that can be left out: with it, this file goes.

import { readFileSync, writeFileSync } from 'node:fs'

/**
 * The names of what is taken out. Of `hydrate_async` only the asynchronous functions themselves, not what they hold or call:
 * the compiler merges those with their like in use. Routes are listed by servers only, and no view here is a template. In
 * chunks, names are still mangled.
 */
export const neverCalled = /(::|13)hydrate_async((::\{\{closure\}\})*(::h[0-9a-f]{16})?$|(28_\$u7b\$\$u7b\$closure\$u7d\$\$u7d\$)*17h[0-9a-f]{16}E)|(::|15)generate_routes(::|17h)|(::|21)hydrate_from_template(::h|17h)/

/** One function body: no locals, `unreachable`, `end`. */
const trap = Buffer.from([0, 0, 0x0b])

/** Writes `input` to `output` with every function whose name matches replaced by a trap; tells how many and how large. */
export function snip(input, output, pattern) {
  const bytes = readFileSync(input)
  const sections = sectionsOf(bytes)
  const names = functionNames(bytes, sections)
  const imported = importedFunctions(bytes, sections)
  const code = sections.find((section) => section.id === 10)
  const reader = new Reader(bytes, code.start)
  const count = reader.unsigned()
  const bodies = [leb(count)]
  let [taken, saved] = [0, 0]
  for (let index = 0; index < count; index += 1) {
    const size = reader.unsigned()
    const body = bytes.subarray(reader.at, reader.at + size)
    reader.at += size
    const isTaken = size > trap.length && pattern.test(names.get(imported + index) ?? '')
    if (isTaken) [taken, saved] = [taken + 1, saved + size]
    const kept = isTaken ? trap : body
    bodies.push(leb(kept.length), kept)
  }
  const content = Buffer.concat(bodies)
  const before = bytes.subarray(0, code.header)
  const after = bytes.subarray(code.end)
  writeFileSync(output, Buffer.concat([before, Buffer.from([10]), leb(content.length), content, after]))
  return { taken, saved }
}

/** A cursor over the module's bytes. */
class Reader {
  constructor(bytes, at) {
    this.bytes = bytes
    this.at = at
  }

  byte() {
    return this.bytes[this.at++]
  }

  /** An unsigned LEB128 number. */
  unsigned() {
    let [value, factor] = [0, 1]
    for (;;) {
      const byte = this.byte()
      value += (byte & 127) * factor
      factor *= 128
      if (byte < 128) return value
    }
  }

  text() {
    const length = this.unsigned()
    this.at += length
    return this.bytes.toString('utf8', this.at - length, this.at)
  }
}

function leb(value) {
  const bytes = []
  do {
    const rest = Math.floor(value / 128)
    bytes.push((value % 128) | (rest > 0 ? 128 : 0))
    value = rest
  } while (value > 0)
  return Buffer.from(bytes)
}

function sectionsOf(bytes) {
  const sections = []
  const reader = new Reader(bytes, 8)
  while (reader.at < bytes.length) {
    const header = reader.at
    const id = reader.byte()
    const size = reader.unsigned()
    sections.push({ id, header, start: reader.at, end: reader.at + size })
    reader.at += size
  }
  return sections
}

/** Names of functions by index, from the custom section `name`. */
function functionNames(bytes, sections) {
  const names = new Map()
  for (const section of sections.filter((section) => section.id === 0)) {
    const reader = new Reader(bytes, section.start)
    if (reader.text() !== 'name') continue
    while (reader.at < section.end) {
      const kind = reader.byte()
      const end = reader.unsigned() + reader.at
      if (kind === 1) {
        for (let count = reader.unsigned(); count > 0; count -= 1) names.set(reader.unsigned(), reader.text())
      }
      reader.at = end
    }
  }
  return names
}

/** How many functions are imported: they come first in the numbering. */
function importedFunctions(bytes, sections) {
  const section = sections.find((section) => section.id === 2)
  if (!section) return 0
  const reader = new Reader(bytes, section.start)
  let functions = 0
  for (let count = reader.unsigned(); count > 0; count -= 1) {
    reader.text()
    reader.text()
    const kind = reader.byte()
    if (kind === 0) {
      functions += 1
      reader.unsigned()
    } else if (kind === 3) {
      reader.at += 2
    } else {
      // A table has the type of its elements first; tables and memories have limits.
      if (kind === 1) reader.byte()
      const hasMaximum = reader.unsigned() & 1
      reader.unsigned()
      if (hasMaximum) reader.unsigned()
    }
  }
  return functions
}
