//! The read-only tabs: the server renders their HTML, and the page inserts it unchanged.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::use_here;
use crate::api;
use crate::components::ErrorView;
use crate::error::Error;
use crate::resource::{PageData, page_data};

/// HTML rendered by the server. The page already contains it, so it is not serialized into the page's data again:
/// hydration leaves the existing nodes as they are.
#[derive(Clone, PartialEq)]
pub(super) struct OnPage(String);

impl Serialize for OnPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<'de> Deserialize<'de> for OnPage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<OnPage, D::Error> {
        <()>::deserialize(deserializer).map(|()| OnPage(String::new()))
    }
}

pub(super) type Shown = PageData<Result<OnPage, Error>>;

/// Reads a tab; reads it again when the version's status changes or the URL names another page of it.
pub(super) fn read(tab: &'static str) -> Shown {
    let with_status = use_here().with_status();
    let query = use_query_map();
    // `read` changes with each refresh link, so that following one reads the tab again.
    let query = Memo::new(move |_| (query.read().get("from").unwrap_or_default(), query.read().get("read")));
    page_data(
        move || (with_status(), query.get()),
        move |((runtime, version, _), (from, _))| async move {
            api::show_tab(runtime, version, tab.to_owned(), from).await.map(OnPage)
        },
    )
}

/// The HTML of a tab, or its error.
pub(super) fn show(read: Result<OnPage, Error>) -> AnyView {
    // The inserted HTML has times, too, but no components.
    #[cfg(feature = "hydrate")]
    Effect::new(|_| crate::timestamp::localize_all());
    match read {
        Ok(OnPage(html)) => view! { <div class="shown" inner_html=html></div> }.into_any(),
        Err(error) => view! { <ErrorView error /> }.into_any(),
    }
}

fn tab(tab: &'static str) -> impl IntoView {
    let html = read(tab);
    view! { <Transition>{move || Suspend::new(async move { show(html.await) })}</Transition> }
}

/// The last log lines of each process.
#[component]
pub fn LogTab() -> impl IntoView {
    tab("log")
}

/// The Kubernetes objects of the version.
#[component]
pub fn ObjectsTab() -> impl IntoView {
    tab("objects")
}

/// The manifest as uploaded, its diagnostics, and the files in the package.
#[component]
pub fn ManifestTab() -> impl IntoView {
    tab("manifest")
}
