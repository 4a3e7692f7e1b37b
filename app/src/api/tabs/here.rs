//! What the read-only tabs share: links to their pages, times, and foreign text cut to one line.

use leptos::prelude::*;

use crate::budget::cut;
use crate::components::Pager;
use crate::model::Timestamp;
use crate::timestamp;

/// The query parameter for the start of a page.
const FROM: &str = "from";

/// The version, and the URL of the tab.
pub(super) struct Here<'a> {
    pub base: String,
    pub runtime: &'a str,
    pub version: &'a str,
}

impl Here<'_> {
    /// The URL of the page of this tab that begins at `from`.
    pub fn page(&self, from: &str) -> String {
        format!("{}?{FROM}={}", self.base, leptos_router::location::Url::escape(from))
    }

    /// Links to the first and the next page. `from` entries come before this page, which has `count` of `total`.
    pub fn pager(&self, from: u32, count: usize, total: u32) -> impl IntoView + use<> {
        let next = from + u32::try_from(count).unwrap_or(u32::MAX);
        let first = (from > 0).then(|| self.base.clone());
        pager(first, (next < total).then(|| self.page(&next.to_string())))
    }

    /// A link that reloads this page; its URL differs each time, so that it is not taken for the current page.
    pub fn refresh_link(&self, from: u32, read_at: Timestamp) -> impl IntoView + use<> {
        let href = format!("{}&read={}", self.page(&from.to_string()), read_at.0);
        view! { <a class="button" href=href>"Refresh"</a> }
    }
}

/// Links to the first and the next page, where the tab has them.
pub(super) fn pager(first: Option<String>, next: Option<String>) -> impl IntoView {
    view! { <Pager first next words=["First page", "Next page"] /> }
}

/// `51 to 100 of 1234`, or empty when the page has all entries.
pub(super) fn place(from: u32, count: usize, total: u32) -> String {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    if count >= total { String::new() } else { format!("{} to {} of {total}", from + 1, from + count) }
}

/// A time as [`crate::components::RelativeTime`] renders it, for HTML without components.
pub(super) fn when(at: Timestamp) -> impl IntoView {
    view! { <time datetime=timestamp::iso(at) title=timestamp::utc(at)>{timestamp::utc(at)}</time> }
}

/// Cuts text of foreign origin to 300 characters, for one line of a page.
pub(super) fn short(text: &str) -> String {
    cut(text.to_owned(), 300)
}
