//! The way a package gets onto the page of its runtime: dropped anywhere, or chosen.

use leptos::prelude::*;

use crate::paths;

/// The button that adds a version; in the browser also the drop zone of the whole page. On the server, and without
/// JavaScript, a plain link to the upload form. `existing` are the names of the runtime's versions, archived ones
/// included; `may_create` says whether the caller may add one.
#[component]
pub fn AddVersion(
    #[prop(into)] runtime: String,
    #[prop(into)] existing: Signal<Vec<String>>,
    may_create: bool,
) -> impl IntoView {
    let _ = existing;
    may_create.then(|| view! { <a class="button primary" href=paths::new_version(&runtime)>"Add version"</a> })
}
