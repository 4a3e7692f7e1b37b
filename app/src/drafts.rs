//! Unsaved configuration values. They are kept while the user navigates within the console, so that leaving the form
//! loses nothing; before the page itself is unloaded, the browser asks.

use leptos::prelude::*;

/// The unsaved values of all versions, in the context of every framed page. They are neither stored nor sent.
#[derive(Clone, Copy)]
pub struct Drafts(RwSignal<Vec<VersionDraft>>);

struct VersionDraft {
    runtime: String,
    /// The version's name; for later pages of its configuration followed by a space, which no name contains, and the
    /// number of entries before that page.
    version: String,
    /// Field names and typed values; a ticked checkbox has the value `on`.
    fields: Vec<(String, String)>,
}

impl Drafts {
    pub fn new() -> Drafts {
        let drafts = Drafts(RwSignal::default());
        #[cfg(feature = "hydrate")]
        {
            let ask = window_event_listener_untyped("beforeunload", move |event| {
                if drafts.0.with_untracked(|drafts| !drafts.is_empty()) {
                    event.prevent_default();
                }
            });
            on_cleanup(move || ask.remove());
        }
        drafts
    }

    /// The unsaved values of this version; empty when all values are saved.
    pub fn of(self, runtime: &str, version: &str) -> Vec<(String, String)> {
        self.0.with(|drafts| {
            let draft = drafts.iter().find(|draft| draft.runtime == runtime && draft.version == version);
            draft.map(|draft| draft.fields.clone()).unwrap_or_default()
        })
    }

    /// Whether this version has unsaved values on any page of its configuration.
    pub fn has(self, runtime: &str, version: &str) -> bool {
        let is_of = |draft: &VersionDraft| draft.runtime == runtime && draft.version.split(' ').next() == Some(version);
        self.0.with(|drafts| drafts.iter().any(is_of))
    }

    /// Replaces the draft of the version; notifies no subscribers when nothing changes.
    pub fn put(self, runtime: &str, version: &str, fields: Vec<(String, String)>) {
        if untrack(|| self.of(runtime, version)) == fields {
            return;
        }
        self.0.update(|drafts| {
            drafts.retain(|draft| draft.runtime != runtime || draft.version != version);
            if !fields.is_empty() {
                drafts.push(VersionDraft { runtime: runtime.to_owned(), version: version.to_owned(), fields });
            }
        });
    }
}

impl Default for Drafts {
    fn default() -> Drafts {
        Drafts::new()
    }
}

/// The drafts of the surrounding page.
pub fn use_drafts() -> Drafts {
    use_context::<Drafts>().unwrap_or_default()
}

/// Reads and restores the unsaved values of a form's fields.
#[cfg(feature = "hydrate")]
pub mod fields {
    use js_sys::Reflect;
    use wasm_bindgen::{JsCast, JsValue};

    type Form = leptos::web_sys::HtmlFormElement;
    type Element = leptos::web_sys::Element;

    /// The visible fields of the form whose values differ from those that the server rendered.
    pub fn changed(form: &Form) -> Vec<(String, String)> {
        let changed = controls(form).into_iter().filter_map(|(name, control)| {
            let (now, first) = if is_box(&control) { ("checked", "defaultChecked") } else { ("value", "defaultValue") };
            let (now, first) = (get(&control, now), get(&control, first));
            (now != first).then(|| (name, now.as_string().unwrap_or_else(|| "on".to_owned())))
        });
        changed.collect()
    }

    /// Restores previously typed values into the form.
    pub fn restore(form: &Form, typed: &[(String, String)]) {
        for (name, control) in controls(form) {
            let Some((_, value)) = typed.iter().find(|(field, _)| *field == name) else { continue };
            let set = |property: &str, value: JsValue| Reflect::set(&control, &property.into(), &value);
            // Setting a property of a field cannot fail.
            let _ = if is_box(&control) { set("checked", true.into()) } else { set("value", value.into()) };
        }
    }

    fn controls(form: &Form) -> Vec<(String, Element)> {
        let Ok(found) = form.query_selector_all("input:not([type=hidden]), textarea") else { return Vec::new() };
        let elements = (0..found.length()).filter_map(|at| found.get(at)?.dyn_into::<Element>().ok());
        elements.filter_map(|element| Some((element.get_attribute("name")?, element))).collect()
    }

    fn is_box(control: &Element) -> bool {
        control.get_attribute("type").as_deref() == Some("checkbox")
    }

    fn get(control: &Element, property: &str) -> JsValue {
        Reflect::get(control, &property.into()).unwrap_or_default()
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn drafts_are_kept_per_version_until_they_are_saved() {
        Owner::new().with(|| {
            let drafts = Drafts::new();
            let typed = vec![("value:A".to_owned(), "1".to_owned())];
            drafts.put("demo", "v1", typed.clone());
            assert_eq!(drafts.of("demo", "v1"), typed);
            assert!(!drafts.has("demo", "v2") && !drafts.has("other", "v1"));
            drafts.put("demo", "v1", Vec::new());
            assert!(!drafts.has("demo", "v1"));
        });
    }
}
