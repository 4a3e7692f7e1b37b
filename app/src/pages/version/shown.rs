//! The tabs that are only shown: their HTML comes from the server, and stands here as it is.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::use_here;
use crate::api;
use crate::components::ErrorView;
use crate::error::Error;

/// HTML of the server's. The page has it already where it belongs, so it is not written into the page's data a second
/// time: the browser, taking the page over, leaves it as it stands.
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

pub(super) type Shown = Resource<Result<OnPage, Error>>;

/// A tab, read again when the version's status changes, and when another of its pages is asked for.
pub(super) fn read(tab: &'static str) -> Shown {
    let with_status = use_here().with_status();
    let query = use_query_map();
    // All of it: a link that only asks to read again says so there.
    let query = Memo::new(move |_| (query.read().get("from").unwrap_or_default(), query.read().get("read")));
    Resource::new(
        move || (with_status(), query.get()),
        move |((runtime, version, _), (from, _))| async move {
            api::show_tab(runtime, version, tab.to_owned(), from).await.map(OnPage)
        },
    )
}

/// What was read.
pub(super) fn show(read: Result<OnPage, Error>) -> AnyView {
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

/// What the cluster holds for the version.
#[component]
pub fn ObjectsTab() -> impl IntoView {
    tab("objects")
}

/// The manifest as it was written, what was said of it, and what the package holds.
#[component]
pub fn ManifestTab() -> impl IntoView {
    tab("manifest")
}
