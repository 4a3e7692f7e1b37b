// What a worker costs in memory while it works: of its page's process as the system counts it, and of its own heap and
// WASM as the browser counts them.

import { readFileSync } from 'node:fs'

const MIB = 1024 * 1024
/** Milliseconds between two looks. */
const PAUSE = 50

/**
 * Begins to watch; the page has no worker yet. Calling the answer ends it and tells the most that was seen, in MiB:
 * `resident` above what was there before, `heap` of the worker with its buffers, `wasm` of its modules.
 */
export async function watch(browser, page) {
  const [system, worker] = [await browser.newBrowserCDPSession(), await attach(page)]
  const processes = new Map()
  let [heap, ended] = [0, false]
  const look = async () => {
    const { processInfo } = await system.send('SystemInfo.getProcessInfo')
    for (const { id, cpuTime } of processInfo.filter(({ type }) => type === 'renderer')) {
      const now = resident(id)
      const { before, most } = processes.get(id) ?? { before: now, most: now }
      processes.set(id, { before, most: Math.max(most, now), cpuTime })
    }
    const used = await worker('Runtime.getHeapUsage')
    if (!used) return
    // Objects of JavaScript, of the browser itself, and what buffers hold.
    const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = used
    heap = Math.max(heap, usedSize + embedderHeapUsedSize + backingStorageSize)
  }
  await look()
  const watched = (async () => {
    while (!ended) {
      await look()
      await new Promise((wait) => setTimeout(wait, PAUSE))
    }
  })()
  return async () => {
    ended = true
    await watched
    // The browser keeps another process ready for the next page; the page's own is the one that has worked.
    const [{ before, most }] = [...processes.values()].toSorted((left, right) => right.cpuTime - left.cpuTime)
    // WASM memory never becomes smaller, so that the end tells the most.
    return { resident: mib(most - before), heap: mib(heap), wasm: mib(await wasm(worker)) }
  }
}

/** Bytes of a process that are in memory; none of one that has just ended. */
function resident(process) {
  try {
    return Number(readFileSync(`/proc/${process}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

/** A way to ask the page's worker over the DevTools protocol; nothing comes back while there is none. */
async function attach(page) {
  const session = await page.context().newCDPSession(page)
  const waiting = new Map()
  let worker
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') worker = sessionId
  })
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message)
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false })
  let count = 0
  return async (method, params = {}) => {
    if (!worker) return undefined
    const id = ++count
    const answer = new Promise((resolve) => waiting.set(id, resolve))
    await session.send('Target.sendMessageToTarget', { sessionId: worker, message: JSON.stringify({ id, method, params }) })
    return answer
  }
}

/** Bytes of all WASM memories of the worker. */
async function wasm(worker) {
  const prototype = await worker('Runtime.evaluate', { expression: 'WebAssembly.Memory.prototype' })
  const { objects } = await worker('Runtime.queryObjects', { prototypeObjectId: prototype.result.objectId })
  const functionDeclaration = 'function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) }'
  const sum = await worker('Runtime.callFunctionOn', { objectId: objects.objectId, functionDeclaration, returnByValue: true })
  return sum.result.value
}

function mib(bytes) {
  return Math.round((bytes / MIB) * 10) / 10
}
