//! The invariants of the store hold for any order of actions and events.

use krt::lifecycle::{Action, Cause, Event, Status, next};
use proptest::prelude::*;

use super::fixture::Fixture;
use crate::state::{Runtime, Version};

const NAMES: [&str; 3] = ["v1", "v2", "v3"];

#[derive(Clone, Copy, Debug)]
enum Step {
    Act(Action),
    See(Event),
    Unpublished,
}

fn step() -> impl Strategy<Value = (Step, usize)> {
    let actions = proptest::sample::select(&Action::ON_A_VERSION[..4]).prop_map(Step::Act);
    let events =
        proptest::sample::select(&[Event::Ready, Event::Failure, Event::Gone, Event::Switched][..]).prop_map(Step::See);
    // Rare, since nothing happens to a version after archiving.
    let steps =
        prop_oneof![12 => actions, 12 => events, 3 => Just(Step::Unpublished), 1 => Just(Step::Act(Action::Archive))];
    (steps, 0..NAMES.len())
}

struct Snapshot {
    runtime: Runtime,
    versions: Vec<Version>,
    entries: i64,
}

async fn look(fixture: &Fixture) -> Snapshot {
    let runtime = fixture.store.runtime("demo").await.unwrap().unwrap();
    let mut versions = fixture.store.versions_of("demo").await.unwrap();
    versions.sort_by(|a, b| a.name.cmp(&b.name));
    let page = fixture.store.activity(&fixture.manager, Default::default()).await.unwrap();
    Snapshot { runtime, versions, entries: page.entries[0].id }
}

/// Checks the invariants of every state.
fn check(seen: &Snapshot) {
    let of = |status| {
        seen.versions
            .iter()
            .filter(|version| version.status() == status)
            .map(|version| version.uid.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(of(Status::Published), Vec::from_iter(seen.runtime.published.clone()));
    assert_eq!(of(Status::Publishing), Vec::from_iter(seen.runtime.publishing.clone()));
    for version in &seen.versions {
        let waits = matches!(version.status(), Status::Starting | Status::Publishing);
        assert_eq!(version.deadline.is_some(), waits, "{version:?}");
    }
}

/// Checks that one step changed only what the table says.
fn check_step(before: &Snapshot, step: Step, index: usize, happened: bool, after: &Snapshot) {
    let cause = match step {
        Step::Act(action) => Some(Cause::Action(action)),
        Step::See(event) => Some(Cause::Event(event)),
        Step::Unpublished => None,
    };
    if !happened {
        assert_eq!((&before.versions, before.entries), (&after.versions, after.entries));
        return;
    }
    for (number, (old, new)) in before.versions.iter().zip(&after.versions).enumerate() {
        let expected = match (number == index, cause) {
            (true, None) => Status::Started,
            (true, Some(Cause::Action(Action::Unpublish))) => Status::Published,
            (true, Some(cause)) => next(Some(old.status()), cause).expect("a line of the table"),
            (false, Some(Cause::Event(Event::Switched))) if before.runtime.published.as_ref() == Some(&old.uid) => {
                Status::Started
            }
            (false, _) => old.status(),
        };
        assert_eq!(new.status(), expected, "{step:?} of {} did this to {}", NAMES[index], new.name);
    }
    let replaced = matches!(step, Step::See(Event::Switched)) && before.runtime.published.is_some();
    assert_eq!(after.entries, before.entries + if replaced { 2 } else { 1 });
}

async fn run(steps: Vec<(Step, usize)>) {
    let fixture = Fixture::with_versions(&NAMES).await;
    let mut before = look(&fixture).await;
    for (step, index) in steps {
        let name = NAMES[index];
        let happened = match step {
            Step::Act(action) => fixture.take(action, name).await.is_ok(),
            Step::See(event) => fixture.record(event, name).await,
            Step::Unpublished => fixture.store.unpublished(&before.versions[index].uid).await.unwrap(),
        };
        let after = look(&fixture).await;
        check(&after);
        check_step(&before, step, index, happened, &after);
        before = after;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: testing::cases(24), ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_actions_and_events_breaks_an_invariant(steps in proptest::collection::vec(step(), 1..60)) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run(steps));
    }
}
