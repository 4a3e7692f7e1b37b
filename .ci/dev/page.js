// Runs in every page of `make dev`, before the console's own script: swaps the style sheet, reloads the page, and takes what
// was typed over to the reloaded page.

(() => {
  const stored = 'krt-dev-page'
  const { searchParams: stamps } = new URL(document.currentScript.src)
  let leaving = false

  // The console asks before unsaved values are lost; here they are not. First to listen, first to be called.
  addEventListener('beforeunload', (event) => { if (leaving) event.stopImmediatePropagation() }, true)

  /** The fields that people type into; each is known by its form, its name and its number among those of this name. */
  function fields() {
    const seen = new Map()
    return [...document.querySelectorAll('input, textarea, select')]
      .filter((field) => !['hidden', 'file', 'submit', 'button', 'reset', 'image'].includes(field.type))
      .map((field) => {
        const name = JSON.stringify([field.form?.getAttribute('action'), field.name || field.id, field.type === 'radio' && field.value])
        seen.set(name, (seen.get(name) ?? 0) + 1)
        return { field, key: `${name} ${seen.get(name)}` }
      })
  }

  const isTicked = (field) => field.type === 'checkbox' || field.type === 'radio'

  function isTouched(field) {
    if (isTicked(field)) return field.checked !== field.defaultChecked
    if (field.type?.startsWith('select')) return [...field.options].some((option) => option.selected !== option.defaultSelected)
    return field.value !== field.defaultValue
  }

  function reload() {
    const typed = fields().filter(({ field }) => isTouched(field))
      .map(({ field, key }) => [key, isTicked(field) ? field.checked : field.value])
    const focused = fields().find(({ field }) => field === document.activeElement)?.key
    const path = location.pathname + location.search
    sessionStorage.setItem(stored, JSON.stringify({ path, typed, focused, scrolled: [scrollX, scrollY] }))
    leaving = true
    // Not `reload`, which would send a form again.
    location.replace(path)
  }

  /** Fills in what was typed. With `events` the console takes notice of it; before hydration nobody would hear them. */
  function fill({ typed, focused, scrolled }, events) {
    const all = new Map(fields().map(({ field, key }) => [key, field]))
    for (const [key, value] of typed) {
      const field = all.get(key)
      if (!field) continue
      if (isTicked(field)) field.checked = value
      else field.value = value
      for (const event of events) field.dispatchEvent(new Event(event, { bubbles: true }))
    }
    all.get(focused)?.focus({ preventScroll: true })
    scrollTo(...scrolled)
  }

  const before = JSON.parse(sessionStorage.getItem(stored) ?? 'null')
  sessionStorage.removeItem(stored)
  if (before?.path === location.pathname + location.search) {
    addEventListener('DOMContentLoaded', () => fill(before, []))
    // Sent by the glue of `make dev`. What hydration begins it ends in tasks of its own.
    addEventListener('krt-dev-hydrated', () => setTimeout(() => fill(before, ['input', 'change']), 50))
  }

  function swapStyles(stamp) {
    const old = document.querySelector('link[rel=stylesheet][href*="/pkg/"]')
    if (!old) return
    const fresh = old.cloneNode()
    fresh.href = `${new URL(old.href).pathname}?${stamp}`
    // Both at once until the new one is there, so that the page never stands without.
    fresh.onload = () => old.remove()
    old.after(fresh)
  }

  // Browsers allow six connections to a host: only the tab that is looked at takes one. Whoever connects with old stamps
  // is told so at once.
  let events
  function follow() {
    events?.close()
    if (document.hidden) return
    events = new EventSource(`/-dev/events?${stamps}`)
    events.addEventListener('page', reload)
    events.addEventListener('styles', ({ data }) => {
      stamps.set('styles', data)
      swapStyles(data)
    })
  }
  document.addEventListener('visibilitychange', follow)
  follow()
})()
