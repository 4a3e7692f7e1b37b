//! The bar on top of every page: where one is, how live it is, who is asking.

use krt::roles::Role;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::icon::{self, Icon};
use crate::labels;
use crate::live::{Link, use_live};
use crate::model::Frame;
use crate::paths;

/// Notes for an admin that the bar has room for.
const NOTES: usize = 3;

/// The bar of somebody who is signed in.
#[component]
pub fn TopBar(frame: Frame) -> impl IntoView {
    let live = use_live();
    #[cfg(feature = "hydrate")]
    {
        let position = frame.position.clone();
        Effect::new(move |_| crate::live::connect(live, &position));
    }
    let cluster = live.cluster_or(frame.cluster);
    let role = frame.caller.role.as_str();
    let is_admin = frame.caller.role == Role::Admin;
    view! {
        <header class="top">
            <Mark />
            <Crumbs />
            <nav class="places" aria-label="Console">
                <Place href=paths::AUDIT name="Audit" />
                // Pages that only the server knows: the browser has to ask for them.
                <Place href=paths::RULES name="Rules" rel="external" />
            </nav>
            <LinkState />
            <span class="cluster">{move || labels::cluster(cluster.get().kind)}</span>
            <details class="me">
                <summary>{frame.caller.name}</summary>
                <div>
                    <p>"Signed in as " {role} ". Cluster: " {move || labels::cluster(cluster.get().kind)}</p>
                    <form method="post" action=paths::SIGN_OUT>
                        <button type="submit">"Sign out"</button>
                    </form>
                </div>
            </details>
        </header>
        {move || {
            cluster
                .get()
                .unreachable
                .map(|gone| {
                    view! {
                        <p class="notice bad banner" role="status">
                            <Icon of=icon::WARNING />
                            <span>
                                "The cluster cannot be reached since " <super::RelativeTime at=gone.since /> ": " {gone.why}
                                ". Actions are kept and carried out once it is back."
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
                                "The connection to the console is lost: what is shown may be old. It is tried again by itself; "
                                <a href="" rel="external">
                                    "reload"
                                </a> " to try now."
                            </span>
                        </p>
                    }
                })
        }}
    }
}

/// Another process of this console acts on runtimes.
#[component]
fn Elsewhere(elsewhere: crate::model::Elsewhere) -> impl IntoView {
    view! {
        <p class="notice warn banner" role="status">
            <Icon of=icon::WARNING />
            <span>
                {labels::listed(&elsewhere.runtimes)} ": another process of this console (" {elsewhere.holder}
                ") acts there since " <super::RelativeTime at=elsewhere.since />
                ". What you ask for here is kept, and done when that process has ended."
            </span>
        </p>
    }
}

/// What an admin has to mend on the cluster.
#[component]
fn Notes(notes: Vec<String>) -> impl IntoView {
    let more = notes.len().saturating_sub(NOTES);
    view! {
        <p class="notice warn banner" role="status">
            <Icon of=icon::WARNING />
            <span>
                {notes.into_iter().take(NOTES).collect::<Vec<_>>().join(" ")}
                {(more > 0).then(|| format!(" And {more} more, which the console's log lists."))}
            </span>
        </p>
    }
}

/// The bar of somebody who is not.
#[component]
pub fn BareBar() -> impl IntoView {
    view! {
        <header class="top">
            <Mark />
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

/// Where one is, by the IDs and names in the URL.
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
        <nav class="crumbs" aria-label="Where you are">
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
