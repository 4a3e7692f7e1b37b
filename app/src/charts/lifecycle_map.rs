//! The lifecycle of a version as a map: its status, and the actions that are possible from there.

use krt::lifecycle::map::{self, Place, Station, WAYS, Way};
use krt::lifecycle::{Action, Status, why_not};
use krt::roles::Role;
use leptos::prelude::*;

use crate::model::VersionLive;

/// The lifecycle diagram of a version. `action_path` gives the URL of an action's form.
#[component]
pub fn LifecycleMap(
    #[prop(into)] live: Signal<VersionLive>,
    role: Role,
    #[prop(into)] action_path: Callback<Action, String>,
) -> impl IntoView {
    let situation = Memo::new(move |_| live.with(|live| live.situation.clone()));
    let ways: Vec<_> = WAYS.iter().map(way).collect();
    let names: Vec<_> = WAYS.iter().filter(|way| way.is_failure).map(name_of_failure).collect();
    let stations: Vec<_> = Station::ALL
        .into_iter()
        .map(|station| match station {
            Station::Status(status) => {
                let is_now = Memo::new(move |_| situation.with(|now| now.status == status));
                let is_left = Memo::new(move |_| situation.with(|now| now.unpublishing && now.status == status));
                status_box(status, station.place(), is_now, is_left).into_any()
            }
            Station::Action(action) => {
                let why_not = Memo::new(move |_| situation.with(|now| why_not(now, action, role)));
                let is_under_way =
                    Memo::new(move |_| situation.with(|now| now.unpublishing && action == Action::Unpublish));
                action_box(action, station.place(), why_not, is_under_way, action_path.run(action)).into_any()
            }
        })
        .collect();
    let (width, height) = (map::WIDTH, map::HEIGHT);
    view! {
        <div class="lifecycle">
            <p class="lifecycle-words">{move || situation.with(|now| in_words(now, role))}</p>
            <div class="graph-scroll" tabindex="0" role="group" aria-label="Lifecycle of the version">
                <div class="graph-fit">
                    <svg class="graph-ruler" width=width * 4 / 5 height="0" aria-hidden="true"></svg>
                    <svg class="graph-picture" width=width height=height viewBox=format!("0 0 {width} {height}")>
                        <defs>
                            <marker
                                id="lifecycle-head"
                                viewBox="0 0 8 8"
                                refX="8"
                                refY="4"
                                markerWidth="8"
                                markerHeight="8"
                                markerUnits="userSpaceOnUse"
                                orient="auto"
                            >
                                <path class="graph-heads" d="M0 0L8 4L0 8z"></path>
                            </marker>
                        </defs>
                        <g aria-hidden="true">{ways} {names}</g>
                        {stations}
                    </svg>
                </div>
            </div>
        </div>
    }
}

/// The status and the possible actions in one or two sentences.
fn in_words(now: &krt::lifecycle::Situation, role: Role) -> String {
    let status = match (now.unpublishing, now.status) {
        (true, _) => "Unpublishing: the version becomes started once no external requests are routed to it.".to_owned(),
        (_, Status::Starting) => "Starting: the version becomes started once all its processes are ready.".to_owned(),
        (_, Status::Publishing) => {
            "Publishing: the version becomes published once it alone receives external requests.".to_owned()
        }
        (_, Status::Stopping) => "Stopping: the version becomes stopped once all its objects are removed.".to_owned(),
        (_, Status::Stopped) => "Stopped: nothing is running.".to_owned(),
        (_, Status::Started) => "Started: reachable only inside the cluster.".to_owned(),
        (_, Status::Published) => "Published: receives external requests.".to_owned(),
        (_, Status::Archived) => "Archived: hidden for good; the package is kept.".to_owned(),
    };
    let possible = Action::ON_A_VERSION.into_iter().filter(|action| why_not(now, *action, role).is_none());
    let possible: Vec<_> = possible.map(Action::as_str).collect();
    match possible.is_empty() {
        true => status,
        false => format!("{status} Possible now: {}.", possible.join(", ")),
    }
}

fn way(way: &Way) -> impl IntoView + use<> {
    let class = if way.is_failure { "graph-edge is-failure" } else { "graph-edge" };
    view! { <path class=class d=way.path() marker-end="url(#lifecycle-head)"></path> }
}

fn name_of_failure(way: &Way) -> impl IntoView + use<> {
    let (x, y) = way.middle();
    view! { <text class="graph-subtopic" x=x y=y>"failure"</text> }
}

fn status_box(status: Status, place: Place, is_now: Memo<bool>, is_left: Memo<bool>) -> impl IntoView {
    let class = move || {
        let mut class = "lifecycle-status".to_owned();
        class += if status.is_transitional() { " is-transitional" } else { "" };
        class += if is_now.get() { " is-now" } else { "" };
        class += if is_left.get() { " is-left" } else { "" };
        class
    };
    let Place { x, y, width, height } = place;
    view! {
        <g class=class transform=format!("translate({x} {y})")>
            <rect width=width height=height rx="3"></rect>
            <text x=width / 2 y=height / 2>{status.as_str()}</text>
        </g>
    }
}

/// A link while the action is possible; otherwise still focusable, and labeled with the reason why not.
fn action_box(
    action: Action,
    place: Place,
    why_not: Memo<Option<String>>,
    is_under_way: Memo<bool>,
    path: String,
) -> impl IntoView {
    let is_possible = move || why_not.with(Option::is_none);
    let class = move || match (is_possible(), is_under_way.get()) {
        (true, _) => "lifecycle-action is-possible",
        (false, true) => "lifecycle-action is-under-way",
        (false, false) => "lifecycle-action",
    };
    let words = move || match why_not.get() {
        None => format!("{} this version", action.title()),
        Some(why_not) => format!("{}: {why_not}", action.title()),
    };
    let Place { x, y, width, height } = place;
    view! {
        <g class=class transform=format!("translate({x} {y})")>
            <a
                href=move || is_possible().then(|| path.clone())
                role="link"
                tabindex="0"
                aria-disabled=move || (!is_possible()).then_some("true")
                aria-label=words
                data-action=action.as_str()
            >
                <title>{words}</title>
                <rect width=width height=height rx="10"></rect>
                <text x=width / 2 y=height / 2>{action.title()}</text>
            </a>
        </g>
    }
}
