// Stands in front of the console: adds a script to its pages, tells it what is new, and lets requests wait while the console
// restarts. So nothing of all this is in the console. The script and its events come from the console's own origin, which
// is all that the content security policy allows.

import { readFileSync } from 'node:fs'
import { Agent, createServer, request } from 'node:http'

const script = readFileSync(new URL('page.js', import.meta.url))
const [SCRIPT, EVENTS] = ['/-dev/page.js', '/-dev/events']
/** Connections are not kept: those of a console that has ended would fail. */
const agent = new Agent({ keepAlive: false })

/**
 * `upstream()` promises the port of the console, or null when it is not running and not about to.
 * Answers with the server, and `announce('page' | 'styles')`, which tells all open pages.
 */
export function proxy(upstream) {
  const streams = new Set()
  const stamps = { page: Date.now(), styles: Date.now() }

  function announce(what) {
    stamps[what] = Date.now()
    for (const stream of streams) stream.write(event(what))
  }
  const event = (what) => `event: ${what}\ndata: ${stamps[what]}\n\n`

  function follow(url, response) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write('retry: 500\n\n')
    for (const what of ['styles', 'page']) {
      if (url.searchParams.get(what) !== String(stamps[what])) response.write(event(what))
    }
    streams.add(response)
    response.on('close', () => streams.delete(response))
  }

  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url, 'http://console')
    if (url.pathname === EVENTS) return follow(url, response)
    if (url.pathname === SCRIPT) return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    const tag = `<script src="${SCRIPT}?${new URLSearchParams(stamps)}"></script>`
    const port = await upstream()
    if (port === null) return unavailable(response, tag)
    pass(incoming, response, port, tag)
  })
  return { server, announce }
}

function pass(incoming, response, port, tag) {
  const { method, url: path } = incoming
  // Times of files are whole seconds, too coarse to compare; and compressing unoptimised WASM takes seconds.
  const headers = without(incoming.headers, 'accept-encoding', 'if-modified-since', 'if-none-match', 'connection')
  const outgoing = request({ host: '127.0.0.1', port, agent, method, path, headers, setHost: false })
  outgoing.on('response', (answer) => {
    answer.on('error', () => response.destroy())
    const isPage = method !== 'HEAD' && /^text\/html\b/.test(answer.headers['content-type'] ?? '')
    if (isPage) return withScript(answer, response, tag)
    response.writeHead(answer.statusCode, without(answer.headers, 'connection', 'keep-alive'))
    answer.pipe(response)
  })
  outgoing.on('error', () => (response.headersSent ? response.destroy() : unavailable(response, tag)))
  response.on('close', () => outgoing.destroy())
  incoming.pipe(outgoing)
}

function withScript(answer, response, tag) {
  const pieces = []
  answer.on('data', (piece) => pieces.push(piece))
  answer.on('end', () => {
    const page = Buffer.from(inject(Buffer.concat(pieces).toString(), tag))
    const headers = without(answer.headers, 'connection', 'keep-alive', 'transfer-encoding')
    response.writeHead(answer.statusCode, { ...headers, 'content-length': page.length }).end(page)
  })
}

/** The page with the tag as the first in its head: before the console's scripts, and outside of what is hydrated. */
export function inject(page, tag) {
  return page.replace(/<head(\s[^>]*)?>/i, (head) => head + tag)
}

function unavailable(response, tag) {
  response.writeHead(502, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
  response.end(`<!DOCTYPE html><html lang="en"><head>${tag}<title>make dev</title></head>
<body><p>The console is not running: see the terminal of <code>make dev</code>. This page reloads when it is back.</p></body></html>`)
}

function without(headers, ...names) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))
}
