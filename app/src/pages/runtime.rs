//! The page of a runtime: its versions, and the way to add one.

use krt::roles::{Permission, may};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use super::frame::use_frame;
use crate::components::icon::{self, Icon};
use crate::components::{ErrorView, StatusBadge, Table, When};
use crate::doors;
use crate::live::use_live;
use crate::model::{RuntimeDetail, VersionSummary};
use crate::package::{AddVersion, provide_desk};
use crate::paths;
use crate::words;

#[component]
pub fn RuntimePage() -> impl IntoView {
    let (live, frame) = (use_live(), use_frame());
    // Outside of the list, which is read again while a package lies on the desk.
    provide_desk();
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.with(|params| params.get("runtime").unwrap_or_default()));
    let with_archived = Memo::new(move |_| query.with(|query| query.get("archived").is_some()));
    let runtime = Resource::new(
        move || (id.get(), with_archived.get(), live.version_list(&id.get())),
        |(id, with_archived, _)| doors::get_runtime(id, with_archived),
    );
    view! {
        <main id="main" class="page">
            <Transition>
                {move || Suspend::new(async move {
                    match (frame.await, runtime.await) {
                        (Ok(frame), Ok(detail)) => {
                            let may_create = may(frame.caller.role, Permission::CreateVersion);
                            view! { <Versions detail may_create with_archived /> }.into_any()
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
fn Versions(detail: RuntimeDetail, may_create: bool, with_archived: Memo<bool>) -> impl IntoView {
    let RuntimeDetail { runtime, versions, archived } = detail;
    let existing: Vec<_> = versions.iter().map(|version| version.name.clone()).collect();
    let names = StoredValue::new(existing.clone());
    let name_filter = use_name_filter();
    let shown = move || {
        name_filter
            .with(|wanted| names.with_value(|names| names.iter().filter(|name| name.contains(wanted.as_str())).count()))
    };
    let all = versions.len();
    let id = runtime.id.clone();
    let rows = versions
        .into_iter()
        .map(|version| view! { <VersionRow runtime=id.clone() version name_filter /> })
        .collect_view();
    let description =
        (!runtime.description.is_empty()).then(|| view! { <p class="description">{runtime.description}</p> });
    view! {
        <Title text=runtime.name.clone() />
        // What is being added stands below the title, as wide as the page.
        <div class="title">
            <div>
                <h1>{runtime.name}</h1>
                {description}
                <p class="quiet">"namespace " <code>{runtime.namespace}</code></p>
            </div>
            <AddVersion runtime=runtime.id.clone() existing=Signal::stored(existing) may_create />
        </div>
        {if all == 0 && archived == 0 {
            view! {
                <section class="empty" aria-labelledby="empty-title">
                    <h2 id="empty-title">"No version yet"</h2>
                    <p>
                        {if may_create { "Drop a .krt file anywhere on this page, or add one by the button." } else { "A manager can add one." }}
                    </p>
                </section>
            }
                .into_any()
        } else {
            view! {
                <section class="card versions" aria-labelledby="versions-title">
                    <header>
                        <h2 id="versions-title">"Versions"</h2>
                        <NameFilter with_archived />
                        <ArchivedToggle id=runtime.id.clone() archived with_archived />
                        <span class="quiet count">{move || format!("{} of {all} · newest first", shown())}</span>
                    </header>
                    <Table label="Versions" columns=&["Version", "Status", "Now", "Added"]>
                        {rows}
                    </Table>
                    {move || (shown() == 0).then(|| view! { <p class="none">"No version of that name."</p> })}
                </section>
            }
                .into_any()
        }}
    }
}

#[component]
fn VersionRow(runtime: String, version: VersionSummary, name_filter: Memo<String>) -> impl IntoView {
    let live = use_live().or(&runtime, version.live);
    let doing = Memo::new(move |_| live.with(words::doing));
    let href = paths::version(&runtime, &version.name);
    let name = version.name.clone();
    let hidden = move || name_filter.with(|wanted| !name.contains(wanted.as_str()));
    view! {
        <tr hidden=hidden>
            <th scope="row" data-label="Version">
                <a href=href>{version.name}</a>
            </th>
            <td data-label="Status">
                <StatusBadge live />
            </td>
            <td data-label="Now" class="doing">
                {doing}
            </td>
            <td data-label="Added">
                <When at=version.created_at />
                <span class="quiet">" by " {version.created_by}</span>
            </td>
        </tr>
    }
}

/// The wanted part of the name, from the URL.
fn use_name_filter() -> Memo<String> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get("name").unwrap_or_default().trim().to_lowercase()))
}

/// Filters by name: a GET form, and while typing in the browser.
#[component]
fn NameFilter(with_archived: Memo<bool>) -> impl IntoView {
    let query = use_query_map();
    let first = query.with_untracked(|query| query.get("name").unwrap_or_default());
    let navigate = use_navigate();
    let go = StoredValue::new(move |name: String, archived: bool| {
        let mut parts = Vec::new();
        if !name.is_empty() {
            parts.push(format!("name={}", leptos_router::location::Url::escape(&name)));
        }
        if archived {
            parts.push("archived=1".to_owned());
        }
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&format!("?{}", parts.join("&")), options);
    });
    view! {
        <form method="get" role="search" class="filter" on:submit=move |event| event.prevent_default()>
            <input type="search" name="name" aria-label="Filter by name" placeholder="Filter by name" value=first autocomplete="off" spellcheck="false"
                on:input=move |event| go.with_value(|go| go(event_target_value(&event), with_archived.get_untracked())) />
            {move || with_archived.get().then(|| view! { <input type="hidden" name="archived" value="1" /> })}
        </form>
    }
}

#[component]
fn ArchivedToggle(id: String, archived: u32, with_archived: Memo<bool>) -> impl IntoView {
    let base = paths::runtime(&id);
    let query = use_query_map();
    let href = move || {
        let mut query = query.get();
        if query.remove("archived").is_none() {
            query.insert("archived", "1".to_owned());
        }
        format!("{base}{}", query.to_query_string())
    };
    (archived > 0).then(|| {
        view! {
            <a class="toggle" href=href>
                <Icon of=icon::ARCHIVE />
                {move || if with_archived.get() { "Hide archived".to_owned() } else { format!("Show {archived} archived") }}
            </a>
        }
    })
}
