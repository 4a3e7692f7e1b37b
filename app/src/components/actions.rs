//! The actions on a version: what can be done now, and why not the rest.

use krt::lifecycle::{Action, Status, why_not};
use krt::roles::Role;
use leptos::prelude::*;

use crate::model::VersionLive;
use crate::paths;

/// Every action, as a link to its form. What is impossible now stays visible, does nothing and says why.
#[component]
pub fn Actions(
    #[prop(into)] runtime: String,
    #[prop(into)] version: String,
    #[prop(into)] live: Signal<VersionLive>,
    role: Role,
) -> impl IntoView {
    // Only what decides: health alone repaints nothing.
    let answers = Memo::new(move |_| {
        live.with(|live| Action::ON_A_VERSION.map(|action| (action, why_not(&live.situation, action, role))))
    });
    let main = Memo::new(move |_| live.with(|live| main_action(live.status())));
    let possible = move || {
        let can = |(action, why): (Action, Option<String>)| why.is_none().then_some(action);
        let link = |action: Action| {
            let class = if Some(action) == main.get() { "button primary" } else { "button" };
            view! {
                <a class=class href=paths::action(&runtime, &version, action)>
                    {action.title()}
                </a>
            }
        };
        answers.get().into_iter().filter_map(can).map(link).collect_view()
    };
    let impossible = move || {
        let cannot = |(action, why): (Action, Option<String>)| Some((action, why?));
        let item = |(action, why): (Action, String)| {
            let id = format!("why-not-{}", action.as_str());
            view! {
                <li>
                    <a role="link" tabindex="0" aria-disabled="true" aria-describedby=id.clone()>
                        {action.title()}
                    </a>
                    <span class="why" id=id>
                        {why}
                    </span>
                </li>
            }
        };
        answers.get().into_iter().filter_map(cannot).map(item).collect_view()
    };
    view! {
        <section class="actions" aria-label="Actions">
            <ul class="impossible">{impossible}</ul>
            <div class="possible">{possible}</div>
        </section>
    }
}

/// The way on from a status: its button is the blue one.
fn main_action(status: Status) -> Option<Action> {
    match status {
        Status::Stopped => Some(Action::Start),
        Status::Started => Some(Action::Publish),
        Status::Starting | Status::Publishing | Status::Published | Status::Stopping | Status::Archived => None,
    }
}
