// The proxy listens where the console would, and the console behind it on a port of its own.

const LISTEN = '127.0.0.1:3000'

/**
 * From the options of `krt-console serve` (and its environment): the host and port to listen on, and the options for a
 * console on `port` that knows by which URL people reach it.
 */
export function optionsFor(given, environment, port) {
  const rest = [...given]
  let address = environment.KRT_CONSOLE_LISTEN ?? LISTEN
  for (let at = rest.findIndex(isListen); at >= 0; at = rest.findIndex(isListen)) {
    const [option, value] = rest[at].split('=')
    address = value ?? rest[at + 1] ?? ''
    rest.splice(at, value === undefined && option === '--listen' ? 2 : 1)
  }
  const [, host, ofPeople] = address.match(/^(.*):(\d+)$/) ?? [null, '127.0.0.1', address]
  const hasUrl = environment.KRT_CONSOLE_PUBLIC_URL || rest.some((option) => option.startsWith('--public-url'))
  const url = `http://${['0.0.0.0', '[::]'].includes(host) ? 'localhost' : host}:${ofPeople}`
  return {
    listen: { host: host.replace(/[[\]]/g, ''), port: Number(ofPeople) },
    options: [...rest, '--listen', `127.0.0.1:${port}`, ...(hasUrl ? [] : ['--public-url', url])],
  }
}

const isListen = (option) => option === '--listen' || option.startsWith('--listen=')
