import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { root } from '../build.mjs'
import { optionsFor } from '../options.mjs'
import { PARTS, partsOf } from '../plan.mjs'

const cases = [
  ['style/forms.css', ['styles']],
  ['public/favicon.svg', ['public']],
  ['app/checker/worker.js', ['worker']],
  ['app/checker/src/lib.rs', ['browser']],
  ['app/src/pages/runtimes.rs', ['browser', 'server']],
  ['app/krt/src/rules.rs', ['browser', 'server']],
  ['app/krt/rules/name-blank.md', ['browser', 'server']],
  ['server/src/web/router.rs', ['server']],
  ['server/embedded/src/kinds.rs', ['server']],
  ['server/src/store/schema/0002.sql', ['server']],
  ['Cargo.toml', ['browser', 'server']],
  ['.cargo/config.toml', ['browser', 'server']],
  // Not compiled into the program.
  ['app/src/charts/tests.rs', []],
  ['server/tests/web/guards.rs', []],
  ['app/testing/src/lib.rs', []],
  ['README.md', []],
  // Beside the edited file.
  ['style/.forms.css.swp', []],
  ['style/forms.css~', []],
  ['app/src/4913', []],
]
for (const [file, parts] of cases) {
  test(`${file} concerns ${parts.join(', ') || 'nothing'}`, () => assert.deepEqual(partsOf([file]), parts))
}

test('files that change together concern all of their parts, each once', () => {
  assert.deepEqual(partsOf(['server/src/lib.rs', 'style/main.css', 'app/src/lib.rs', 'style/forms.css']), ['styles', 'browser', 'server'])
})

test('every file that the program is compiled from concerns a part', () => {
  const listed = execFileSync('git', ['ls-files', 'app', 'server/src', 'server/embedded/src', 'style', 'public'], { cwd: root, encoding: 'utf8' })
  const files = listed.trim().split('\n')
  const isCompiled = (file) => /\/src\/|^style\/|^public\/|\/rules\//.test(file) && !/(^|\/)(tests?|testing|fuzz|examples)(\/|\.rs$)|\.snap$/.test(file)
  const compiled = files.filter(isCompiled)
  assert.ok(compiled.length > 100)
  assert.deepEqual(compiled.filter((file) => partsOf([file]).length === 0), [])
  assert.deepEqual(PARTS.filter((part) => !files.some((file) => partsOf([file]).includes(part))), [])
})

test('the proxy listens where the console would', () => {
  const behind = ['--listen', '127.0.0.1:9']
  const check = (given, environment, listen, options) => assert.deepEqual(optionsFor(given, environment, 9), { listen, options })
  check([], {}, { host: '127.0.0.1', port: 3000 }, [...behind, '--public-url', 'http://127.0.0.1:3000'])
  check(['--listen', '0.0.0.0:80', '--data', 'x'], {}, { host: '0.0.0.0', port: 80 }, ['--data', 'x', ...behind, '--public-url', 'http://localhost:80'])
  check(['--listen=[::1]:81'], { KRT_CONSOLE_LISTEN: 'a:1' }, { host: '::1', port: 81 }, [...behind, '--public-url', 'http://[::1]:81'])
  check(['--public-url', 'https://a.b'], { KRT_CONSOLE_LISTEN: 'localhost:82' }, { host: 'localhost', port: 82 }, ['--public-url', 'https://a.b', ...behind])
})
