//! The list of runtimes.

use krt::roles::{Permission, may};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::frame::use_frame;
use crate::api;
use crate::components::icon::{self, Icon};
use crate::components::{ErrorView, Pager};
use crate::hydration::hydrate_later;
use crate::labels;
use crate::live::use_live;
use crate::model::{RuntimeList, RuntimeSummary};
use crate::paths;
use crate::resource::page_data;

#[component]
pub fn RuntimesPage() -> impl IntoView {
    let live = use_live();
    let frame = use_frame();
    let query = use_query_map();
    let after = Memo::new(move |_| query.with(|query| query.get("after").unwrap_or_default()));
    let runtimes = page_data(move || (after.get(), live.runtime_list()), |(after, _)| api::list_runtimes(after));
    view! {
        <Title text="Runtimes" />
        <main id="main" class="page">
            <Transition>
                {move || Suspend::new(async move {
                    match (frame.await, runtimes.await) {
                        (Ok(frame), Ok(list)) => {
                            let may_create = may(frame.caller.role, Permission::CreateRuntime);
                            view! { <List list may_create is_first=after.get_untracked().is_empty() /> }.into_any()
                        }
                        (Err(error), _) | (_, Err(error)) => view! { <ErrorView error /> }.into_any(),
                    }
                })}
            </Transition>
        </main>
    }
}

#[component]
fn List(list: RuntimeList, may_create: bool, is_first: bool) -> impl IntoView {
    let RuntimeList { runtimes, total, next } = list;
    let new = may_create.then(|| {
        view! {
            <a class="button primary" href=paths::NEW_RUNTIME>
                <Icon of=icon::PLUS />
                "New runtime"
            </a>
        }
    });
    if total == 0 {
        return view! {
            <section class="empty" aria-labelledby="empty-title">
                <EmptyPicture />
                <h1 id="empty-title">"No runtimes yet"</h1>
                <p>"A runtime is where versions are deployed: one namespace, many versions, one published."</p>
                {new}
            </section>
        }
        .into_any();
    }
    let count = labels::count(total as usize, "runtime");
    let first = (!is_first).then(|| paths::RUNTIMES.to_owned());
    let next = next.map(|after| format!("{}?after={after}", paths::RUNTIMES));
    let cards = move || runtimes.into_iter().map(|runtime| view! { <RuntimeCard runtime /> }).collect_view();
    view! {
        <header class="title">
            <div>
                <h1>"Runtimes"</h1>
                <p class="quiet">{count}</p>
            </div>
            {new}
        </header>
        <ul class="runtimes">{hydrate_later(cards)}</ul>
        <Pager first next words=["First page", "Next page"] />
    }
    .into_any()
}

#[component]
fn RuntimeCard(runtime: RuntimeSummary) -> impl IntoView {
    let href = paths::runtime(&runtime.id);
    let unhealthy_href = paths::unhealthy_versions(&runtime.id);
    let published = match runtime.published {
        Some(version) => view! {
            <span class="badge published">
                <Icon of=icon::UP />
                <span>{version}</span>
            </span>
        }
        .into_any(),
        None => view! { <span class="badge quiet"><Icon of=icon::STILL /><span>"Nothing published"</span></span> }
            .into_any(),
    };
    let unhealthy = (runtime.unhealthy > 0).then(|| {
        let verb = if runtime.unhealthy == 1 { "needs" } else { "need" };
        view! {
            <a class="badge bad" href=unhealthy_href>
                <Icon of=icon::CROSS />
                <span>{format!("{} {verb} attention", runtime.unhealthy)}</span>
            </a>
        }
    });
    let counts = format!("{} · {} running", labels::count(runtime.versions as usize, "version"), runtime.running);
    view! {
        <li class="card runtime">
            <h2>
                <a href=href>{runtime.name}</a>
            </h2>
            <p class="description">{runtime.description}</p>
            <p class="badges">{published} {unhealthy}</p>
            <p class="facts">
                <code>{runtime.namespace}</code>
                <span>{counts}</span>
            </p>
        </li>
    }
}

/// The drawing on the empty list: three empty nodes on a line.
#[component]
fn EmptyPicture() -> impl IntoView {
    view! {
        <svg class="picture" viewBox="0 0 220 80" width="220" height="80" aria-hidden="true">
            <path d="M62 40h26M132 40h26"></path>
            <rect x="4" y="22" width="58" height="36" rx="18"></rect>
            <rect x="88" y="20" width="44" height="40" rx="9"></rect>
            <rect x="158" y="20" width="58" height="40" rx="9"></rect>
        </svg>
    }
}
