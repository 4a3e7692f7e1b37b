//! The left column of a version: facts, status, addresses and actions.

use krt::lifecycle::Status;
use krt::roles::Role;
use leptos::prelude::*;

use crate::components::{Actions, FailureCard, RelativeTime, StatusBadge};
use crate::hydration::hydrate_later;
use crate::labels;
use crate::live::use_live;
use crate::model::{VersionDetail, VersionLive};
use crate::paths;

#[component]
pub fn Side(detail: VersionDetail, role: Role) -> impl IntoView {
    view! {
        <aside class="side" aria-label="Version">
            {hydrate_later(move || view! { <Facts detail role /> })}
        </aside>
    }
}

#[component]
fn Facts(detail: VersionDetail, role: Role) -> impl IntoView {
    let VersionDetail { runtime, version, package, .. } = detail;
    let live = use_live().or(&runtime.id, version.live);
    let sha = package.sha256.get(..12).unwrap_or(&package.sha256).to_owned();
    let namespace = runtime.namespace.clone();
    view! {
        <div class="who">
            <h1>{version.name.clone()}</h1>
            <StatusBadge live />
            <p class="description">{version.description}</p>
        </div>
        <dl class="facts">
            <dt>"Runtime"</dt>
            <dd>
                <a href=paths::runtime(&runtime.id)>{runtime.name}</a>
            </dd>
            <dt>"Format"</dt>
            <dd>"KRT " {version.format.as_str()}</dd>
            <dt>"Package"</dt>
            <dd>
                <code title=package.sha256.clone()>{sha}</code>
                {format!(" · {}", labels::size(package.size))}
            </dd>
            <dt>"Added"</dt>
            <dd>
                <RelativeTime at=version.created_at />
                {format!(" by {}", version.created_by)}
            </dd>
            {move || {
                let live = live.get();
                // A new version is as it was added.
                (live.since != version.created_at)
                    .then(|| {
                        view! {
                            <dt>{labels::status_title(live.status())}</dt>
                            <dd>
                                <RelativeTime at=live.since />
                                {format!(" by {}", live.since_by)}
                            </dd>
                        }
                    })
            }}
            <dt>"Processes"</dt>
            <dd>{move || ready_words(&live.get())}</dd>
        </dl>
        <Addresses live namespace />
        {move || live.get().failure.map(|failure| view! { <FailureCard failure /> })}
        {move || {
            live.get()
                .last_rejection
                .map(|why| view! { <p class="notice bad">"The cluster keeps rejecting this: " {why}"."</p> })
        }}
        <Actions runtime=runtime.id version=version.name live role />
    }
}

fn ready_words(live: &VersionLive) -> String {
    match (live.status(), live.ready()) {
        (Status::Stopped | Status::Archived, _) => "none running".to_owned(),
        (_, (ready, all)) => format!("{ready} of {all} ready"),
    }
}

/// The addresses of the version, once it has any.
#[component]
fn Addresses(live: Memo<VersionLive>, namespace: String) -> impl IntoView {
    let outside = Memo::new(move |_| live.with(|live| live.address_outside.clone()));
    // A published version has an external address, which is the one to use.
    let inside =
        Memo::new(move |_| live.with(|live| live.address_inside.clone().filter(|_| live.address_outside.is_none())));
    view! {
        {move || {
            outside.get().map(|address| {
                view! {
                    <div class="address">
                        <p>"Reachable from outside at"</p>
                        <code>{address}</code>
                        <p class="quiet">"gRPC"</p>
                    </div>
                }
            })
        }}
        {move || {
            inside.get().map(|address| {
                // The Service is the first label of its address: the version's name, or `active-entrypoint`.
                let service = address.split('.').next().unwrap_or_default();
                let command = format!("kubectl -n {namespace} port-forward svc/{service} 9000:9000");
                view! {
                    <div class="address">
                        <p>"Inside the cluster"</p>
                        <code>{address}</code>
                        <p>"To try the version from your machine"</p>
                        <code class="command">{command}</code>
                    </div>
                }
            })
        }}
    }
}
