//! The page of a runtime: its versions, and the way to add one.

use krt::roles::{Permission, may};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use leptos_router::params::ParamsMap;

use super::frame::use_frame;
use crate::api;
use crate::components::icon::{self, Icon};
use crate::components::{ErrorView, Pager, RelativeTime, StatusBadge, Table};
use crate::labels;
use crate::live::use_live;
use crate::model::{RuntimeDetail, VersionFilter, VersionSummary};
use crate::package::{AddVersion, provide_upload_state};
use crate::paths;
use crate::resource::page_data;

#[component]
pub fn RuntimePage() -> impl IntoView {
    let (live, frame) = (use_live(), use_frame());
    // Outside of the list: reloading the list must not drop the current upload.
    provide_upload_state();
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.with(|params| params.get("runtime").unwrap_or_default()));
    let filter = Memo::new(move |_| query.with(read_filter));
    let runtime = page_data(
        move || (id.get(), filter.get(), live.version_list(&id.get())),
        |(id, filter, _)| api::get_runtime(id, filter),
    );
    view! {
        <main id="main" class="page">
            <Transition>
                {move || Suspend::new(async move {
                    match (frame.await, runtime.await) {
                        (Ok(frame), Ok(detail)) => {
                            let may_create = may(frame.caller.role, Permission::CreateVersion);
                            view! { <Versions detail may_create filter=filter.get_untracked() /> }.into_any()
                        }
                        (Err(error), _) | (_, Err(error)) => {
                            view! {
                                <Title text="Runtime" />
                                <ErrorView error />
                            }
                                .into_any()
                        }
                    }
                })}
            </Transition>
        </main>
    }
}

#[component]
fn Versions(detail: RuntimeDetail, may_create: bool, filter: VersionFilter) -> impl IntoView {
    let RuntimeDetail { runtime, versions, found, next, archived, names } = detail;
    let shown = versions.len();
    let id = runtime.id.clone();
    let rows = versions.into_iter().map(|version| view! { <VersionRow runtime=id.clone() version /> }).collect_view();
    let at = |before: String| address(&runtime.id, &VersionFilter { before, ..filter.clone() });
    let first = (!filter.before.is_empty()).then(|| at(String::new()));
    let next = next.map(at);
    let is_empty = names.is_empty();
    let nothing = match (filter.unhealthy, filter.name.is_empty()) {
        (true, _) => "No versions need attention.",
        (false, true) => "All versions are archived.",
        (false, false) => "No versions match this name.",
    };
    let heading = if filter.unhealthy { "Versions that need attention" } else { "Versions" };
    let all = filter.unhealthy.then(|| view! { <a class="toggle" href=paths::runtime(&runtime.id)>"Show all"</a> });
    let toggle = (archived > 0 && !filter.unhealthy).then(|| {
        let href = address(
            &runtime.id,
            &VersionFilter { archived: !filter.archived, before: String::new(), ..filter.clone() },
        );
        let words = if filter.archived { "Hide archived".to_owned() } else { format!("Show {archived} archived") };
        view! { <a class="toggle" href=href><Icon of=icon::ARCHIVE /> {words}</a> }
    });
    let description =
        (!runtime.description.is_empty()).then(|| view! { <p class="description">{runtime.description}</p> });
    view! {
        <Title text=runtime.name.clone() />
        // The report of a dropped package is shown below the title, at full page width.
        <div class="title">
            <div>
                <h1>{runtime.name}</h1>
                {description}
                <p class="quiet">"namespace " <code>{runtime.namespace}</code></p>
            </div>
            <AddVersion runtime=runtime.id existing=Signal::stored(names) may_create />
        </div>
        {if is_empty {
            view! {
                <section class="empty" aria-labelledby="empty-title">
                    <h2 id="empty-title">"No versions yet"</h2>
                    <p>
                        {if may_create { "Drop a .krt file anywhere on this page, or use Add version." } else { "Ask a manager to add one." }}
                    </p>
                </section>
            }
                .into_any()
        } else {
            view! {
                <section class="card versions" aria-labelledby="versions-title">
                    <header>
                        <h2 id="versions-title">{heading}</h2>
                        <NameFilter runtime=id filter />
                        {toggle} {all}
                        <span class="quiet count">{format!("{shown} of {found} · newest first")}</span>
                    </header>
                    <Table label="Versions" columns=&["Version", "Status", "Details", "Added"]>
                        {rows}
                    </Table>
                    {(shown == 0).then(|| view! { <p class="none">{nothing}</p> })}
                    <Pager first next words=["Newest", "Older"] />
                </section>
            }
                .into_any()
        }}
    }
}

#[component]
fn VersionRow(runtime: String, version: VersionSummary) -> impl IntoView {
    let live = use_live().or(&runtime, version.live);
    let doing = Memo::new(move |_| live.with(labels::doing));
    let href = paths::version(&runtime, &version.name);
    view! {
        <tr>
            <th scope="row" data-label="Version">
                <a href=href>{version.name}</a>
            </th>
            <td data-label="Status">
                <StatusBadge live />
            </td>
            <td data-label="Details" class="doing">
                {doing}
            </td>
            <td data-label="Added">
                <RelativeTime at=version.created_at />
                <span class="quiet">" by " {version.created_by}</span>
            </td>
        </tr>
    }
}

/// Reads the filter from the URL's query.
fn read_filter(query: &ParamsMap) -> VersionFilter {
    let get = |name: &str| query.get(name).unwrap_or_default();
    VersionFilter {
        name: get("name").trim().to_lowercase(),
        archived: query.get("archived").is_some(),
        unhealthy: query.get("unhealthy").is_some(),
        before: get("before"),
    }
}

/// The URL of the list with this filter.
fn address(runtime: &str, filter: &VersionFilter) -> String {
    let mut query = ParamsMap::new();
    for (name, value) in [("name", &*filter.name), ("before", &*filter.before)] {
        if !value.is_empty() {
            query.insert(name, value.to_owned());
        }
    }
    for (name, is_set) in [("archived", filter.archived), ("unhealthy", filter.unhealthy)] {
        if is_set {
            query.insert(name, "1".to_owned());
        }
    }
    format!("{}{}", paths::runtime(runtime), query.to_query_string())
}

/// Filters by name: a GET form; in the browser it filters while the user types. Starts again at the newest versions,
/// healthy or not.
#[component]
fn NameFilter(runtime: String, filter: VersionFilter) -> impl IntoView {
    let navigate = use_navigate();
    let VersionFilter { name, archived, .. } = filter;
    let go = move |event: leptos::ev::Event| {
        let filter = VersionFilter { name: event_target_value(&event), archived, ..VersionFilter::default() };
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&address(&runtime, &filter), options);
    };
    view! {
        <form method="get" role="search" class="filter" on:submit=move |event| event.prevent_default()>
            <input type="search" name="name" aria-label="Filter by name" placeholder="Filter by name" value=name autocomplete="off" spellcheck="false" on:input=go />
            {archived.then(|| view! { <input type="hidden" name="archived" value="1" /> })}
        </form>
    }
}
