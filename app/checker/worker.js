// Checks a package beside the page, so that the page never stands still. The build bundles it with the glue of the
// checker's WASM.
import load, { check_package } from 'checker'

self.onmessage = async ({ data: file }) => {
  try {
    await load()
    const begun = performance.now()
    const found = await check_package(file, (read) => self.postMessage({ kind: 'progress', read }))
    const millis = performance.now() - begun
    const [text, report] = [found.text(), found.report()]
    found.free()
    const handedOver = performance.now() - begun - millis
    self.postMessage({ kind: 'report', report, text, millis, handedOver }, [report.buffer, ...(text ? [text.buffer] : [])])
  } catch (error) {
    self.postMessage({ kind: 'failed', message: error?.message ?? String(error) })
  }
}
