// A package of a wanted size on the disk: a right manifest, its files, and one large file that gzip makes three times smaller.

import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { constants, crc32, deflateRawSync } from 'node:zlib'

const MIB = 1024 * 1024

const manifest = `krtVersion: v2
version: large
description: A package with a large file.
entrypoint: {proto: api.proto, image: konstellation/kre-entrypoint:1.29.0}
workflows:
  - name: large
    entrypoint: Run
    exitpoint: etl
    nodes:
      - {name: etl, image: konstellation/kre-py:1.29.0, src: src/main.py, subscriptions: [entrypoint]}
`
const proto = 'syntax = "proto3";\nservice S { rpc Run (A) returns (A) {} }\nmessage A {}\n'

/** Writes a package of about so many bytes; answers with the bytes that it unpacks to. */
export async function writePackage(path, wanted) {
  const piece = Buffer.alloc(12 * MIB, () => 0)
  let state = 7
  for (let at = 0; at < piece.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    piece[at] = 97 + ((state >>> 16) % 6)
  }
  // A full flush ends at a byte and forgets what came before: the same bytes can follow each other.
  const deflate = (bytes) => deflateRawSync(bytes, { level: 6, finishFlush: constants.Z_FULL_FLUSH })
  const packed = deflate(piece)
  const count = Math.max(1, Math.round(wanted / packed.length))
  const head = Buffer.concat([
    member('krt.yml', Buffer.from(manifest)),
    member('api.proto', Buffer.from(proto)),
    member('src/main.py', Buffer.from('print()\n')),
    header('data.bin', piece.length * count),
  ])
  const out = createWriteStream(path)
  const put = async (bytes) => { if (!out.write(bytes)) await once(out, 'drain') }
  await put(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]))
  await put(deflate(head))
  let [sum, length] = [crc32(head), head.length]
  for (let n = 0; n < count; n++) {
    await put(packed)
    sum = crc32(piece, sum)
    length += piece.length
  }
  const end = Buffer.alloc(1024)
  await put(deflateRawSync(end))
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc32(end, sum), 0)
  trailer.writeUInt32LE((length + end.length) % 2 ** 32, 4)
  await put(trailer)
  out.end()
  await once(out, 'close')
  return length
}

function member(path, content) {
  return Buffer.concat([header(path, content.length), content, Buffer.alloc((512 - (content.length % 512)) % 512)])
}

function header(path, size) {
  const block = Buffer.alloc(512)
  block.write(path, 0)
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  block.write('        0', 148)
  block.write('ustar\u000000', 257, 'latin1')
  const sum = block.reduce((sum, byte) => sum + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0`, 148)
  return block
}
