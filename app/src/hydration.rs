//! Hydration in steps: the parts of a page that [`hydrate_later`] marks are hydrated after the page, a task each.
//!
//! Most of the work of hydrating a page is the browser compiling the functions that are called for the first time. In
//! one task that blocks the page for a tenth of a second. Until its turn comes, a part is what the server rendered:
//! links and forms work, and what was typed stays.

use leptos::prelude::*;

#[cfg(feature = "hydrate")]
mod part;
#[cfg(feature = "hydrate")]
mod queue;
#[cfg(feature = "hydrate")]
pub use queue::{spawn_hydration, when_hydrated};

/// The only child of an element, hydrated in a task of its own after the page was. In pages that the browser renders it
/// is rendered at once. If a browser extension changed the element, only this part fails to hydrate.
///
/// The content must not create resources or suspend: the server numbers both in the order in which it renders a page,
/// and the browser must count the same.
pub fn hydrate_later<V: IntoView + 'static>(content: impl FnOnce() -> V + Send + 'static) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    {
        part::Part::new(move || content().into_any())
    }
    #[cfg(not(feature = "hydrate"))]
    {
        content().into_any()
    }
}
