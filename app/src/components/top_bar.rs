//! The bar at the top of every page: breadcrumb, state of the live stream, caller and cluster.

use krt::roles::Role;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::icon::{self, Icon};
use crate::hydration::hydrate_later;
use crate::labels;
use crate::live::{Link, use_live};
use crate::model::{Caller, ClusterState, Frame};
use crate::paths;

/// Maximum number of notes for admins in the bar.
const NOTES: usize = 3;

/// The bar for signed-in users.
#[component]
pub fn TopBar(frame: Frame) -> impl IntoView {
    let live = use_live();
    #[cfg(feature = "hydrate")]
    {
        // An event changes what is hydrated, so that the stream starts once everything is.
        let (position, is_hydrated) = (frame.position.clone(), RwSignal::new(false));
        crate::hydration::when_hydrated(move || {
            is_hydrated.try_set(true);
        });
        Effect::new(move |_| is_hydrated.get().then(|| crate::live::connect(live, &position)));
    }
    let cluster = live.cluster_or(frame.cluster);
    let is_admin = frame.caller.role == Role::Admin;
    view! {
        <header class="top">{hydrate_later(move || view! { <Bar caller=frame.caller cluster /> })}</header>
        {move || {
            cluster
                .get()
                .unreachable
                .map(|gone| {
                    view! {
                        <p class="notice bad banner" role="status">
                            <Icon of=icon::WARNING />
                            <span>
                                "The cluster stopped responding " <super::RelativeTime at=gone.since /> ": " {gone.why}
                                ". Actions are queued until the cluster responds again."
                            </span>
                        </p>
                    }
                })
        }}
        {move || cluster.get().elsewhere.map(|elsewhere| view! { <Elsewhere elsewhere /> })}
        {move || {
            let notes = cluster.get().notes;
            (is_admin && !notes.is_empty()).then(|| view! { <Notes notes /> })
        }}
        {move || {
            (live.link.get() == Link::Stale)
                .then(|| {
                    view! {
                        <p class="notice warn banner" role="status">
                            <Icon of=icon::WARNING />
                            <span>
                                "Connection to the console lost; this page may be out of date. Reconnecting automatically; "
                                <a href="" rel="external">
                                    "reload"
                                </a> " to retry now."
                            </span>
                        </p>
                    }
                })
        }}
    }
}

/// The content of the bar.
#[component]
fn Bar(caller: Caller, cluster: Memo<ClusterState>) -> impl IntoView {
    let role = caller.role.as_str();
    view! {
        <Mark />
        <Crumbs />
        <nav class="places" aria-label="Console">
            <Place href=paths::AUDIT name="Audit" />
            // The server renders these pages; the client-side router does not know them.
            <Place href=paths::RULES name="Rules" rel="external" />
        </nav>
        <LinkState />
        <span class="cluster">{move || labels::cluster(cluster.get().kind)}</span>
        // The browser closes a popover on Escape and returns the focus, also without JavaScript.
        <div class="me">
            <button type="button" popovertarget="me">{caller.name}</button>
            <div id="me" popover="auto">
                <p>"Signed in as " {role} ". Cluster: " {move || labels::cluster(cluster.get().kind)}</p>
                <form method="post" action=paths::SIGN_OUT>
                    <button type="submit">"Sign out"</button>
                </form>
            </div>
        </div>
    }
}

/// The banner for runtimes that another process of this console manages.
#[component]
fn Elsewhere(elsewhere: crate::model::Elsewhere) -> impl IntoView {
    view! {
        <p class="notice warn banner" role="status">
            <Icon of=icon::WARNING />
            <span>
                {labels::listed(&elsewhere.runtimes)} ": managed by another process of this console (" {elsewhere.holder}
                "), which took over " <super::RelativeTime at=elsewhere.since />
                ". Actions taken here are queued until that process ends."
            </span>
        </p>
    }
}

/// The banner with problems of the cluster that an admin has to fix.
#[component]
fn Notes(notes: Vec<String>) -> impl IntoView {
    let more = notes.len().saturating_sub(NOTES);
    view! {
        <p class="notice warn banner" role="status">
            <Icon of=icon::WARNING />
            <span>
                {notes.into_iter().take(NOTES).collect::<Vec<_>>().join(" ")}
                {(more > 0).then(|| format!(" {more} more in the console's log."))}
            </span>
        </p>
    }
}

/// The bar for users who are not signed in. The children are shown at its end.
#[component]
pub fn BareBar(#[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! {
        <header class="top">
            <Mark />
            {children.map(|children| children())}
        </header>
    }
}

#[component]
fn Mark() -> impl IntoView {
    view! {
        <a class="mark" href=paths::RUNTIMES aria-label="KRT Console">
            <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
                <path d="M4 16 9 6l5 7 4-8"></path>
                <circle cx="4" cy="16" r="2.4"></circle>
                <circle cx="9" cy="6" r="2.4"></circle>
                <circle cx="14" cy="13" r="2.4"></circle>
                <circle cx="18" cy="5" r="2.4"></circle>
            </svg>
            <span>"KRT Console"</span>
        </a>
    }
}

#[component]
fn Place(href: &'static str, name: &'static str, #[prop(optional)] rel: Option<&'static str>) -> impl IntoView {
    let path = use_location().pathname;
    let current = move || path.with(|path| path.starts_with(href)).then_some("true");
    view! {
        <a href=href rel=rel aria-current=current>
            {name}
        </a>
    }
}

/// The breadcrumb, from the IDs and names in the URL.
#[component]
fn Crumbs() -> impl IntoView {
    let path = use_location().pathname;
    let parts = Memo::new(move |_| path.with(|path| crumbs(path)));
    let items = move || {
        let item = |(name, href): (String, String)| {
            let current = path.with(|path| *path == href).then_some("page");
            view! {
                <li>
                    <a href=href aria-current=current>
                        {name}
                    </a>
                </li>
            }
        };
        parts.get().into_iter().map(item).collect_view()
    };
    view! {
        <nav class="crumbs" aria-label="Breadcrumb">
            <ol>{items}</ol>
        </nav>
    }
}

fn crumbs(path: &str) -> Vec<(String, String)> {
    let mut crumbs = vec![("Runtimes".to_owned(), paths::RUNTIMES.to_owned())];
    let mut parts = path.trim_matches('/').split('/').skip(1);
    let Some(runtime) = parts.next().filter(|id| !id.is_empty() && *id != "new") else { return crumbs };
    crumbs.push((runtime.to_owned(), paths::runtime(runtime)));
    if let (Some("versions"), Some(version)) = (parts.next(), parts.next()) {
        crumbs.push((version.to_owned(), paths::version(runtime, version)));
    }
    crumbs
}

#[component]
fn LinkState() -> impl IntoView {
    let link = use_live().link;
    let said = move || match link.get() {
        Link::Rendered => ("link rendered", ""),
        Link::Live => ("link live", "Live"),
        Link::Reconnecting => ("link reconnecting", "Reconnecting"),
        Link::Stale => ("link stale", "Not live"),
    };
    view! {
        <span class=move || said().0 role="status">
            {move || said().1}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crumbs_name_the_runtime_and_the_version_of_the_url() {
        let names = |path| crumbs(path).into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" / ");
        assert_eq!(names("/runtimes"), "Runtimes");
        assert_eq!(names("/runtimes/new"), "Runtimes");
        assert_eq!(names("/audit"), "Runtimes");
        assert_eq!(names("/runtimes/demo"), "Runtimes / demo");
        assert_eq!(names("/runtimes/demo/new-version"), "Runtimes / demo");
        assert_eq!(names("/runtimes/demo/versions/v1/log"), "Runtimes / demo / v1");
    }
}
