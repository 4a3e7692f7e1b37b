//! Tabs of a version that are only shown: the server renders them, and the browser puts their HTML where it belongs. So
//! their data and their views are no part of its download, and no page holds them twice.
//!
//! Nothing in them lives: what changes while people look is read again by a link to the same tab.

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

/// The query's word that says where a page begins.
const FROM: &str = "from";

/// A tab as HTML.
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
        _ => Err(Error::new(ErrorKind::NotFound, format!("{} has no such tab.", of[1]))),
    }
}

/// Which version, and where its tab is.
struct Here<'a> {
    base: String,
    runtime: &'a str,
    version: &'a str,
}

impl Here<'_> {
    /// The page of this tab that begins there.
    fn page(&self, from: &str) -> String {
        format!("{}?{FROM}={}", self.base, leptos_router::location::Url::escape(from))
    }

    /// Links to the pages around this one: `from` stand before it, and it has `count` of `total`.
    fn pager(&self, from: u32, count: usize, total: u32) -> impl IntoView + use<> {
        let next = from + u32::try_from(count).unwrap_or(u32::MAX);
        let first = (from > 0).then(|| self.base.clone());
        pager(first, (next < total).then(|| self.page(&next.to_string())))
    }

    /// A link to the same, read again: its address is another one each time.
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

/// `51 to 100 of 1,234`, or nothing where all are on the page.
fn place(from: u32, count: usize, total: u32) -> String {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    if count >= total { String::new() } else { format!("{} to {} of {total}", from + 1, from + count) }
}

fn when(at: Timestamp) -> impl IntoView {
    view! { <time datetime=timestamp::iso(at)>{timestamp::utc(at)}</time> }
}

/// A text of anybody's on one line of a page.
fn short(text: &str) -> String {
    cut(text.to_owned(), 300)
}
