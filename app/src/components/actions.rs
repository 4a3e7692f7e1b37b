//! The actions on a version: those that are possible now, and the reasons why the others are not.

use krt::lifecycle::{Action, Status, set_first, why_not};
use krt::roles::Role;
use leptos::prelude::*;

use crate::model::VersionLive;
use crate::paths;

/// Every action as a link to its form. Impossible actions stay visible, do nothing and say why.
#[component]
pub fn Actions(
    #[prop(into)] runtime: String,
    #[prop(into)] version: String,
    #[prop(into)] live: Signal<VersionLive>,
    role: Role,
) -> impl IntoView {
    // Depends only on what decides, so that changes of health alone re-render nothing.
    let answers = Memo::new(move |_| {
        live.with(|live| Action::ON_A_VERSION.map(|action| (action, why_not(&live.situation, action, role))))
    });
    let configuration = paths::version_tab(&runtime, &version, "configuration");
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
        let item = |(why, actions): (String, Vec<Action>)| {
            let id = format!("why-not-{}", actions[0].as_str());
            let chips = actions.into_iter().map(|action| {
                view! {
                    <a role="link" tabindex="0" aria-disabled="true" aria-describedby=id.clone()>
                        {action.title()}
                    </a>
                }
            });
            let chips = chips.collect_view();
            let missing = live.with_untracked(|live| {
                let is_it = set_first(&live.situation).as_ref() == Some(&why);
                live.situation.missing_configuration.first().filter(|_| is_it).cloned()
            });
            let why = match missing {
                // The names of variables and files contain nothing that a fragment would have to escape.
                Some(name) => view! { <a href=format!("{configuration}#value-{name}")>{why}</a> }.into_any(),
                None => why.into_any(),
            };
            view! {
                <li>
                    <span class="chips">{chips}</span>
                    <span class="why" id=id>
                        {why}
                    </span>
                </li>
            }
        };
        by_reason(answers.get()).into_iter().map(item).collect_view()
    };
    view! {
        <section class="actions" aria-label="Actions">
            <ul class="impossible">{impossible}</ul>
            <div class="possible">{possible}</div>
        </section>
    }
}

/// Groups the impossible actions by reason, so that a shared reason is shown once.
fn by_reason(answers: [(Action, Option<String>); 5]) -> Vec<(String, Vec<Action>)> {
    let mut reasons: Vec<(String, Vec<Action>)> = Vec::new();
    for (action, why) in answers {
        let Some(why) = why else { continue };
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, actions)) => actions.push(action),
            None => reasons.push((why, vec![action])),
        }
    }
    reasons
}

/// The main action from a status, shown as the primary button.
fn main_action(status: Status) -> Option<Action> {
    match status {
        Status::Stopped => Some(Action::Start),
        Status::Started => Some(Action::Publish),
        Status::Starting | Status::Publishing | Status::Published | Status::Stopping | Status::Archived => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "ssr")]
    #[test]
    fn what_must_be_set_first_is_a_link_to_its_field() {
        let live = |missing: &[&str]| {
            let mut live = VersionLive::in_status(Status::Stopped);
            live.situation.missing_configuration = missing.iter().map(|name| (*name).to_owned()).collect();
            live
        };
        let html = |missing: &[&str], role| {
            Owner::new().with(|| {
                let live = Signal::stored(live(missing));
                view! { <Actions runtime="demo" version="v1" live role /> }.to_html()
            })
        };
        let link = "<a href=\"/runtimes/demo/versions/v1/configuration#value-URL\">set these first: URL, KEY<";
        let linked = html(&["URL", "KEY"], Role::Manager);
        assert!(linked.contains(link), "{linked}");
        for other in [html(&["URL", "KEY"], Role::Viewer), html(&[], Role::Manager)] {
            assert!(!other.contains("/configuration"), "{other}");
        }
    }

    #[test]
    fn a_shared_reason_is_shown_once() {
        let why = |word: &str| Some(word.to_owned());
        let [one, two, three, four, five] = Action::ON_A_VERSION;
        let answers = [(one, why("a")), (two, None), (three, why("b")), (four, why("a")), (five, why("a"))];
        let said = by_reason(answers);
        assert_eq!(said, [("a".to_owned(), vec![one, four, five]), ("b".to_owned(), vec![three])]);
    }
}
