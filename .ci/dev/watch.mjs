// Reports changed files below some folders. Node.js 18 cannot watch folders recursively on Linux: one watcher each.

import { existsSync, readdirSync, statSync, watch as watchFolder } from 'node:fs'
import { join } from 'node:path'

/** Files that change together (a save, a `git switch`) do so within this many milliseconds. */
const QUIET = 80

/** Written by programs, and large. */
const ignored = new Set(['target', 'node_modules', 'corpus', 'artifacts'])

/**
 * Calls `changed` with the paths of files that changed, relative to `root`; once for those that change together. Folders
 * in `flat` are watched without the folders in them. Returns a function that stops watching.
 */
export function watch(root, { deep, flat }, changed) {
  const watchers = new Map()
  let pending = new Set()
  let timer

  function note(file) {
    pending.add(file)
    clearTimeout(timer)
    timer = setTimeout(() => {
      const files = [...pending]
      pending = new Set()
      changed(files)
    }, QUIET)
  }

  function follow(folder, isDeep) {
    // A folder that was removed and made again is another one.
    watchers.get(folder)?.close()
    const watcher = watchFolder(join(root, folder), (event, name) => {
      if (name === null) return
      const path = folder === '.' ? name : `${folder}/${name}`
      if (!isFolder(join(root, path))) note(path)
      else if (isDeep && event === 'rename') filesIn(path).forEach(note)
    })
    watcher.on('error', () => watcher.close())
    watchers.set(folder, watcher)
  }

  /** Follows the folder and those in it; answers with the files. */
  function filesIn(folder) {
    follow(folder, true)
    return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = `${folder}/${entry.name}`
      if (!entry.isDirectory()) return [path]
      return ignored.has(entry.name) ? [] : filesIn(path)
    })
  }

  deep.forEach(filesIn)
  for (const folder of flat) if (existsSync(join(root, folder))) follow(folder, false)
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers.values()) watcher.close()
  }
}

function isFolder(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
