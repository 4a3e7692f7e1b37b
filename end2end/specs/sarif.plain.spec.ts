// SARIF as `krt-console validate` writes it, checked against the schema of OASIS and the requirements of GitHub: for every
// example of the rule pages, a missing file, and standard input. Uses no browser; it is here because of ajv.

import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'
import { Ajv } from 'ajv'
import { program } from '../fixtures/server.ts'

const folder = fileURLToPath(new URL('../../target/rule-examples', import.meta.url))
const schema = JSON.parse(readFileSync(new URL('../fixtures/sarif-schema-2.1.0.json', import.meta.url), 'utf8'))
const formats = { uri: (text: string) => URL.canParse(text), 'uri-reference': /^[\w\-.~%!$&'()*+,;=:@/?#]*$/, 'date-time': /^\d{4}-\d\d-\d\dT/ }
// One pattern of the schema is not a valid regular expression in Unicode mode.
const validate = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false, formats }).compile(schema)

type Text = { text: string }
type Log = {
  runs: [{
    tool: { driver: { rules: { id: string; shortDescription: Text }[] } }
    results: {
      ruleId: string
      ruleIndex: number
      message: Text
      locations: [{ physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }]
    }[]
  }]
}

function sarif(files: string[], input = ''): Log {
  const all = ['validate', '--format=sarif', '--public-url=https://krt.example.com', ...files]
  const { stdout } = spawnSync(program, all, { cwd: folder, input, encoding: 'utf8', maxBuffer: 1 << 28 })
  return JSON.parse(stdout) as Log
}

const files = readdirSync(folder).filter((name) => /\.(yml|krt)$/.test(name))
for (const [what, log] of [
  ['every example and a missing file', () => sarif([...files, 'not-there.yml'])],
  ['a folder', () => sarif(['.'])],
  ['standard input', () => sarif(['-'], 'version: [')],
  ['a good manifest', () => sarif(['-'], readFileSync(join(folder, files.find((name) => name.endsWith('.right.yml')) ?? ''), 'utf8'))],
] as const) {
  test(`SARIF of ${what} is valid, and meets the requirements of GitHub`, () => {
    const found = log()
    validate(found)
    expect(validate.errors).toBeNull()
    const { tool, results } = found.runs[0]
    for (const { ruleId, ruleIndex, message, locations } of results) {
      const rule = tool.driver.rules[ruleIndex]
      expect(rule?.id).toBe(ruleId)
      expect(rule?.shortDescription.text, ruleId).not.toBe('')
      const { artifactLocation, region } = locations[0].physicalLocation
      expect(message.text && artifactLocation.uri && region.startLine >= 1, ruleId).toBe(true)
    }
  })
}
