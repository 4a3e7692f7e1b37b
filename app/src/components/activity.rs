//! Audit entries: who did what, when and why.

use krt::lifecycle::Status;
use leptos::prelude::*;

use super::icon::{self, Icon};
use super::{RelativeTime, Table};
use crate::labels;
use crate::model::ActivityEntry;
use crate::paths;

const COLUMNS: [&str; 5] = ["Time", "Who", "What", "Where", "Reason"];
const COLUMNS_OF_VERSION: [&str; 4] = ["Time", "Who", "What", "Reason"];

/// Audit entries as a table, newest first.
#[component]
pub fn ActivityTable(
    entries: Vec<ActivityEntry>,
    /// All entries are about the version of the page, so that the table does not name it in each row.
    #[prop(optional)]
    of_version: bool,
) -> impl IntoView {
    let rows = entries.into_iter().map(|entry| row(entry, of_version)).collect_view();
    let columns: &'static [&'static str] = if of_version { &COLUMNS_OF_VERSION } else { &COLUMNS };
    view! {
        <Table label="Activity" columns>
            {rows}
        </Table>
    }
}

fn row(entry: ActivityEntry, of_version: bool) -> impl IntoView {
    let who = if entry.who == "system" { "person system" } else { "person" };
    let statuses = entry.to.map(|to| {
        let from = entry.from.map(|from| view! { {from.as_str()} <Icon of=icon::NEXT /> });
        view! { <span class="statuses">{from} {to.as_str()}</span> }
    });
    let place = entry.runtime.map(|runtime| {
        let version = entry.version.map(|version| {
            view! {
                " / "
                <a href=paths::version(&runtime, &version)>{version.clone()}</a>
            }
        });
        view! {
            <a href=paths::runtime(&runtime)>{runtime.clone()}</a>
            {version}
        }
    });
    // A publish ends the same way for both versions: one becomes published, the one before it started.
    let kind = match (&*entry.kind, entry.to) {
        ("switched", Some(Status::Started)) => "Replaced",
        (kind, _) => labels::kind(kind),
    };
    let at = place.is_some();
    let place = (!of_version).then(|| view! { <td data-label=at.then_some("Where")>{place}</td> });
    let says = !entry.reason.is_empty();
    let cause = entry.cause.map(|cause| {
        view! {
            " "
            // Links to the page of the audit log that begins with the cause, independent of the current filter.
            <a class="cause" href=format!("{}?before={}#entry-{cause}", paths::AUDIT, cause + 1)>
                {format!("caused by entry {cause}")}
            </a>
        }
    });
    view! {
        <tr id=format!("entry-{}", entry.id)>
            <td data-label="Time">
                <RelativeTime at=entry.at />
            </td>
            <td data-label="Who">
                <span class=who>{entry.who}</span>
            </td>
            <td data-label="What">
                <span class="kind">{kind.to_owned()}</span>
                {statuses}
            </td>
            {place}
            <td data-label=says.then_some("Reason") class="reason">
                {entry.reason}
                {cause}
            </td>
        </tr>
    }
}
