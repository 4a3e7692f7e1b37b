// The peer: the browser's own gunzip in a worker, with nothing done to what comes out.

self.onmessage = async ({ data: file }) => {
  const begun = performance.now()
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader()
  while (!(await reader.read()).done) continue
  self.postMessage({ kind: 'report', millis: performance.now() - begun })
}
