// Which part of the console a changed file belongs to. Coarse on purpose: cargo knows better, and what it finds unchanged
// is neither restarted nor reloaded.

/** What is made anew: the style sheet, static files, the worker of the check, and the two halves of the program. */
export const PARTS = ['styles', 'public', 'worker', 'browser', 'server']

/** Not compiled into the program. */
const aside = [
  /(^|\/)(tests|benches|fuzz|examples)(\/|\.rs$)/,
  /^app\/testing\//,
  /^server\/(deploy|embedded\/CONTRACT\.md)/,
]

/** The first pattern that matches counts. Paths are relative to the project's folder. */
const parts = [
  [/^style\/.*\.css$/, ['styles']],
  [/^public\//, ['public']],
  [/^app\/checker\/worker\.js$/, ['worker']],
  [/^app\/checker\/.*\.(rs|toml)$/, ['browser']],
  // Compiled into both: pages and domain. Rule pages are part of the domain.
  [/^app\/.*\.(rs|toml)$/, ['browser', 'server']],
  [/^app\/krt\/rules\/.*\.md$/, ['browser', 'server']],
  [/^app\/src\/.*\.js$/, ['server']],
  [/^(Cargo\.(toml|lock)|\.cargo\/config\.toml)$/, ['browser', 'server']],
  [/^server\/.*\.(rs|toml|sql|txt|yaml|yml)$/, ['server']],
]

/** The parts that have to be made anew after these files have changed, in the order of `PARTS`. */
export function partsOf(files) {
  const stale = new Set(files.flatMap(partsOfFile))
  return PARTS.filter((part) => stale.has(part))
}

function partsOfFile(file) {
  if (isOfEditor(file) || aside.some((pattern) => pattern.test(file))) return []
  return parts.find(([pattern]) => pattern.test(file))?.[1] ?? []
}

/** Whether an editor keeps this file beside the one that is edited: hidden, a backup, or vim's probe. */
function isOfEditor(file) {
  const name = file.split('/').at(-1)
  return name.startsWith('.') || /~$|\.(swp|swx|tmp|bak|orig)$|^#.*#$|^4913$/.test(name)
}
