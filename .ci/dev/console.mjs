// The console's process behind the proxy: started again after it was compiled, on the same data folder.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'

/** Milliseconds that it has to finish; whatever it leaves behind, its next start finishes. */
const PATIENCE = 5000

/** `say` prints a line. `options` are those of `krt-console serve`. */
export function consoleProcess({ program, options, environment, port, say }) {
  let child = null
  let announceUp
  /** The port once it responds; null when it has ended. Requests wait for it while it starts. */
  let up = new Promise((resolve) => { announceUp = resolve })
  let starts = 0

  async function end() {
    if (child === null) return
    const ending = child
    child = null
    const timer = setTimeout(() => ending.kill('SIGKILL'), PATIENCE)
    ending.kill('SIGTERM')
    if (ending.exitCode === null && ending.signalCode === null) await once(ending, 'exit')
    clearTimeout(timer)
  }

  /** Answers whether it started. */
  async function restart() {
    if (starts > 0) up = new Promise((resolve) => { announceUp = resolve })
    await end()
    starts += 1
    const started = spawn(program, ['serve', ...options], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
    child = started
    // A start prints the address and a link to sign in: once is enough.
    let isQuiet = starts > 1
    started.stdout.on('data', (text) => isQuiet || process.stdout.write(text))
    started.on('error', (error) => say(`cannot start ${program}: ${error.message}`))
    started.on('exit', (code, signal) => {
      if (child !== started) return
      child = null
      up = Promise.resolve(null)
      say(`the console ended (${signal ?? `exit code ${code}`}); it is started again after the next change`)
    })
    while (child === started && !(await responds(port))) await new Promise((resolve) => setTimeout(resolve, 50))
    isQuiet = false
    announceUp(child === started ? port : null)
    return child === started
  }

  /** The console is not going to start: what was asked for meanwhile need not wait. */
  function giveUp() {
    if (starts > 0) return
    announceUp(null)
  }

  return { restart, end, giveUp, upstream: () => up }
}

function responds(port) {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path: '/healthz', agent: false }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
    asked.on('error', () => resolve(false))
    asked.end()
  })
}
