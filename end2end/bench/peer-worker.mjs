// The peer: js-yaml and ajv in a worker, from the file's bytes to its errors, as the console's own check is asked.

import Ajv from 'ajv'
import { load } from 'js-yaml'
import { schema } from './schema.mjs'

const validate = new Ajv({ allErrors: true }).compile(schema)

self.onmessage = async ({ data: file }) => {
  const begun = performance.now()
  const text = await file.text()
  const accepted = validate(load(text))
  const report = JSON.stringify({ accepted, errors: validate.errors })
  self.postMessage({ kind: 'report', report, millis: performance.now() - begun })
}
