import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, get, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inject, proxy } from '../proxy.mjs'
import { watch } from '../watch.mjs'

const PAGE = '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><header>é</header></body></html>'
const POLICY = "script-src 'self' 'nonce-abc'"

test('the script is the first in the head', () => {
  assert.equal(inject('<html><head lang="en"><title>', '<x>'), '<html><head lang="en"><x><title>')
  assert.equal(inject('<body><header>', '<x>'), '<body><header>')
})

test('pages get the script and keep their policy; all else passes unchanged', async (t) => {
  const asked = []
  const { url } = await between(t, (incoming, response) => {
    asked.push(incoming)
    const type = incoming.url === '/page' ? 'text/html; charset=utf-8' : 'text/css'
    response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY, 'content-length': Buffer.byteLength(PAGE) }).end(PAGE)
  })
  const page = await read(`${url}/page`, { 'accept-encoding': 'br', 'if-modified-since': 'x' })
  assert.match(page.text, /<head><script src="\/-dev\/page.js\?page=\d+&styles=\d+"><\/script><meta/)
  assert.equal(page.headers['content-length'], String(Buffer.byteLength(page.text)))
  assert.equal(page.headers['content-security-policy'], POLICY)
  // The console checks the host, and neither compresses nor compares times.
  assert.equal(asked[0].headers.host, new URL(url).host)
  assert.deepEqual(['accept-encoding', 'if-modified-since'].filter((name) => name in asked[0].headers), [])
  assert.equal((await read(`${url}/file.css`)).text, PAGE)
  assert.match((await read(`${url}/-dev/page.js`)).text, /krt-dev-hydrated/)
})

test('forms pass with their bodies', async (t) => {
  const { url } = await between(t, (incoming, response) => incoming.pipe(response))
  const sent = request(`${url}/form`, { method: 'POST' })
  sent.end('reason=because')
  const [answer] = await once(sent, 'response')
  assert.equal(await textOf(answer), 'reason=because')
})

test('requests wait while the console starts, and get a page that reloads when it has ended', async (t) => {
  let start
  const starting = new Promise((resolve) => { start = resolve })
  const { url, port, upstream } = await between(t, (_, response) => response.end('ready'), starting)
  const waiting = read(url)
  assert.equal(await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 100, 'waits'))]), 'waits')
  start(port)
  assert.equal((await waiting).text, 'ready')
  upstream.answer = Promise.resolve(null)
  const ended = await read(url)
  assert.deepEqual([ended.status, ended.text.includes('/-dev/page.js?')], [502, true])
})

test('pages are told what is new, also when they connect late', async (t) => {
  const { url, announce } = await between(t, (_, response) => response.end())
  const open = get(`${url}/-dev/events?page=1&styles=1`)
  const [stream] = await once(open, 'response')
  stream.setEncoding('utf8')
  let heard = ''
  stream.on('data', (text) => { heard += text })
  const hears = async (pattern) => { while (!pattern.test(heard)) await once(stream, 'data') }
  await hears(/event: styles\ndata: \d+\n\n[^]*event: page\n/)
  heard = ''
  announce('styles')
  await hears(/event: styles\n/)
  assert.doesNotMatch(heard, /event: page/)
  open.destroy()
})

test('files are reported once, also those in new folders', { timeout: 10_000 }, async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'krt-dev-'))
  await mkdir(join(root, 'app/src'), { recursive: true })
  const reports = []
  let heard = () => {}
  const stop = watch(root, { deep: ['app'], flat: ['.'] }, (files) => { reports.push(...files); heard() })
  t.after(() => (stop(), rm(root, { recursive: true })))
  const report = async (file) => { while (!reports.includes(file)) await new Promise((resolve) => { heard = resolve }) }
  await writeFile(join(root, 'app/src/a.rs'), '1')
  await writeFile(join(root, 'app/src/a.rs'), '2')
  await report('app/src/a.rs')
  assert.deepEqual(reports, ['app/src/a.rs'])
  await mkdir(join(root, 'app/new/deep'), { recursive: true })
  await writeFile(join(root, 'app/new/deep/b.rs'), '')
  await report('app/new/deep/b.rs')
  await writeFile(join(root, 'Cargo.toml'), '')
  await report('Cargo.toml')
})

/** A proxy before a server of this test. */
async function between(t, respond, starting) {
  const behind = createServer(respond).listen(0, '127.0.0.1')
  await once(behind, 'listening')
  const { port } = behind.address()
  const upstream = { answer: starting ?? Promise.resolve(port) }
  const { server, announce } = proxy(() => upstream.answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => [behind, server].forEach((each) => (each.close(), each.closeAllConnections())))
  return { url: `http://127.0.0.1:${server.address().port}`, port, upstream, announce }
}

async function read(url, headers = {}) {
  const [answer] = await once(get(url, { headers }), 'response')
  return { status: answer.statusCode, headers: answer.headers, text: await textOf(answer) }
}

async function textOf(answer) {
  const pieces = []
  for await (const piece of answer) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}
