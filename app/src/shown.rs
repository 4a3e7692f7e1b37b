//! The read-only tabs of a version: the server renders them, and the browser inserts their HTML. Their data and views
//! are therefore not part of the browser's download, and no page contains them twice.
//!
//! These tabs are not live: a link to the same tab reloads the data.

use leptos::prelude::*;

use crate::budget::cut;
use crate::error::{Error, ErrorKind};
use crate::model::{Caller, Timestamp};
use crate::platform::Platform;
use crate::timestamp;

mod log;
mod manifest;
mod nodes;
mod objects;

/// The query parameter for the start of a page.
const FROM: &str = "from";

/// Returns a tab as HTML. Fails with `NotFound` for an unknown tab.
pub async fn tab(
    caller: &Caller,
    platform: &dyn Platform,
    of @ [runtime, version]: [&str; 2],
    tab: &str,
    from: &str,
) -> Result<String, Error> {
    let number = from.parse().unwrap_or_default();
    let here = Here { base: crate::paths::version_tab(runtime, version, tab), runtime, version };
    match tab {
        "log" => Ok(log::html(platform.list_logs(caller, runtime, version, number).await?, &here)),
        "objects" => Ok(objects::html(platform.list_objects(caller, runtime, version, from).await?, &here)),
        "manifest" => {
            let manifest = platform.get_manifest(caller, runtime, version).await?;
            let members = platform.list_members(caller, runtime, version, number).await?;
            Ok(manifest::html(manifest, members, &here))
        }
        "nodes" => {
            let here = Here { base: crate::paths::version(runtime, version), runtime, version };
            Ok(nodes::html(platform.list_nodes(caller, runtime, version, number).await?, &here))
        }
        _ => Err(Error::new(ErrorKind::NotFound, format!("{} has no tab with this name.", of[1]))),
    }
}

/// The version, and the URL of the tab.
struct Here<'a> {
    base: String,
    runtime: &'a str,
    version: &'a str,
}

impl Here<'_> {
    /// The URL of the page of this tab that begins at `from`.
    fn page(&self, from: &str) -> String {
        format!("{}?{FROM}={}", self.base, leptos_router::location::Url::escape(from))
    }

    /// Links to the first and the next page. `from` entries come before this page, which has `count` of `total`.
    fn pager(&self, from: u32, count: usize, total: u32) -> impl IntoView + use<> {
        let next = from + u32::try_from(count).unwrap_or(u32::MAX);
        let first = (from > 0).then(|| self.base.clone());
        pager(first, (next < total).then(|| self.page(&next.to_string())))
    }

    /// A link that reloads this page; its URL differs each time, so that it is not taken for the current page.
    fn again(&self, from: u32, read_at: Timestamp) -> impl IntoView + use<> {
        let href = format!("{}&read={}", self.page(&from.to_string()), read_at.0);
        view! { <a class="button" href=href>"Refresh"</a> }
    }
}

fn pager(first: Option<String>, next: Option<String>) -> impl IntoView {
    (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                {first.map(|href| view! { <a class="button" href=href>"First page"</a> })}
                {next.map(|href| view! { <a class="button" rel="next" href=href>"Next page"</a> })}
            </nav>
        }
    })
}

/// `51 to 100 of 1234`, or empty when the page has all entries.
fn place(from: u32, count: usize, total: u32) -> String {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    if count >= total { String::new() } else { format!("{} to {} of {total}", from + 1, from + count) }
}

fn when(at: Timestamp) -> impl IntoView {
    view! { <time datetime=timestamp::iso(at)>{timestamp::utc(at)}</time> }
}

/// Cuts text of foreign origin to 300 characters, for one line of a page.
fn short(text: &str) -> String {
    cut(text.to_owned(), 300)
}
