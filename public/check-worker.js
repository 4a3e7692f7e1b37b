// Checks a package beside the page, so that the page never stands still: the same WASM as the page's, not hydrated.
self.onmessage = async ({ data: { glue, wasm, file } }) => {
  try {
    const app = await import(glue)
    await app.default({ module_or_path: wasm })
    const begun = performance.now()
    const report = await app.check_package(file, (read) => self.postMessage({ kind: 'progress', read }))
    self.postMessage({ kind: 'report', report, millis: performance.now() - begun })
  } catch (error) {
    self.postMessage({ kind: 'failed', message: error?.message ?? String(error) })
  }
}
