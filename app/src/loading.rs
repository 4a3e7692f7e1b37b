//! Code that is loaded when it is first needed: pages, dialogs and reports in WASM files of their own, and what the page
//! shows while one of them is missing.
//!
//! A function marked with `wasm_split` goes into the file of its group together with everything that only this group
//! uses. On the server, and for the compiler, it is an ordinary function.

use std::future::Future;

use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
pub use browser::prefetch;

mod failed;
use failed::LoadFailed;
#[cfg(feature = "hydrate")]
pub use failed::retry_on_page;

/// A file of code did not arrive. The browser's console has the cause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NotLoaded;

impl From<SplitLoaderError> for NotLoaded {
    fn from(_: SplitLoaderError) -> NotLoaded {
        NotLoaded
    }
}

/// Waits for code; when that takes long, the page shows that it is loading.
pub async fn load<T>(code: impl Future<Output = Result<T, NotLoaded>>) -> Result<T, NotLoaded> {
    #[cfg(feature = "hydrate")]
    let _loading = browser::Loading::start();
    code.await
}

/// What `view` makes once its code is loaded. When it cannot be loaded, the page says so and offers another attempt.
pub fn loaded<F>(view: impl Fn() -> F + Send + Sync + 'static) -> impl IntoView
where
    F: Future<Output = Result<AnyView, NotLoaded>> + Send + 'static,
{
    let attempt = ArcTrigger::new();
    move || {
        attempt.track();
        let (code, attempt) = (load(view()), attempt.clone());
        Suspend::new(async move {
            match code.await {
                Ok(view) => view,
                Err(NotLoaded) => view! { <LoadFailed retry=move || attempt.notify() /> }.into_any(),
            }
        })
    }
}
