//! Tabs exchanging messages, without a browser.

use super::*;

fn tab(at: &str) -> Tab {
    Tab::new(Position::parse(at).unwrap()).0
}

fn leader(at: &str) -> Tab {
    let mut tab = tab(at);
    tab.lead();
    tab
}

/// The messages that are posted among these effects.
fn posts(effects: &[Step]) -> Vec<Message> {
    effects
        .iter()
        .filter_map(|effect| if let Step::Post(message) = effect { Some(message.clone()) } else { None })
        .collect()
}

/// Passes messages between two tabs until both are silent, and returns the events that either applied.
fn talk(one: &mut Tab, other: &mut Tab, effects: Vec<Step>) -> Vec<String> {
    let mut applied = Vec::new();
    let (mut now, mut turn) = (effects, false);
    for _ in 0..10 {
        applied.extend(now.iter().filter_map(|effect| match effect {
            Step::Apply(data) => Some(data.clone()),
            Step::Reload => Some("reload".to_owned()),
            _ => None,
        }));
        let listener = if turn { &mut *one } else { &mut *other };
        now = posts(&now).into_iter().flat_map(|message| listener.message(message)).collect();
        turn = !turn;
    }
    applied
}

#[test]
fn an_event_reaches_both_tabs_once() {
    let (mut one, mut other) = (leader("a-1"), tab("a-1"));
    let effects = one.event("a-2", "x".into());
    assert_eq!(talk(&mut one, &mut other, effects), ["x", "x"]);
    let again = one.event("a-2", "x".into());
    assert_eq!(talk(&mut one, &mut other, again), Vec::<String>::new());
    assert_eq!((one.position(), other.position()), ("a-2".to_owned(), "a-2".to_owned()));
}

#[test]
fn a_tab_that_was_rendered_later_ignores_known_events() {
    let (mut one, mut other) = (leader("a-1"), tab("a-3"));
    for (id, data) in [("a-2", "x"), ("a-3", "y")] {
        let effects = one.event(id, data.into());
        assert_eq!(talk(&mut one, &mut other, effects), [data]);
    }
    let effects = one.event("a-4", "z".into());
    assert_eq!(talk(&mut one, &mut other, effects), ["z", "z"]);
}

#[test]
fn a_tab_that_missed_events_receives_them_in_order() {
    let (mut one, mut other) = (leader("a-1"), tab("a-1"));
    one.event("a-2", "x".into());
    one.event("a-3", "y".into());
    let effects = one.event("a-4", "z".into());
    assert_eq!(
        talk(&mut one, &mut other, effects),
        ["z", "x", "y", "z"],
        "the leader's own first, then the other's three"
    );
    assert_eq!(other.position(), "a-4");
}

#[test]
fn a_tab_that_is_too_far_behind_reloads() {
    let mut one = leader("a-10");
    let (mut other, hello) = Tab::new(Position::parse("a-5").unwrap());
    assert_eq!(talk(&mut other, &mut one, hello), ["reload"]);
    assert_eq!(other.position(), "a-10");
}

#[test]
fn a_tab_keeps_a_bounded_number_of_events() {
    let mut one = leader("a-0");
    for number in 1..=KEPT as u64 + 10 {
        one.event(&format!("a-{number}"), "x".into());
    }
    assert_eq!(one.kept.len(), KEPT);
    assert!(matches!(posts(&one.message(Message::Hello { at: "a-9".into() }))[1], Message::Behind { .. }));
    assert!(matches!(posts(&one.message(Message::Hello { at: "a-10".into() }))[1], Message::Missed { .. }));
}

#[test]
fn a_restart_of_the_server_makes_every_tab_reload() {
    let (mut one, mut other) = (leader("a-7"), tab("a-7"));
    let effects = one.event("b-0", "resync".into());
    assert_eq!(talk(&mut one, &mut other, effects), ["reload", "resync", "reload", "resync"]);
    assert_eq!((one.position(), other.position()), ("b-0".to_owned(), "b-0".to_owned()));
}

#[test]
fn a_tab_that_takes_over_serves_the_others_from_its_events() {
    let (mut one, mut other) = (leader("a-1"), tab("a-1"));
    let effects = one.event("a-2", "x".into());
    talk(&mut one, &mut other, effects);
    let effects = other.lead();
    let mut third = tab("a-1");
    assert_eq!(talk(&mut other, &mut third, effects), ["x"]);
}

#[test]
fn every_tab_shows_the_leaders_link() {
    let (mut one, mut other) = (leader("a-1"), tab("a-1"));
    let effects = one.link(Link::Live);
    assert_eq!(effects[0], Step::Show(Link::Live));
    assert_eq!(other.message(posts(&effects)[0].clone()), [Step::Show(Link::Live)]);
    assert_eq!(one.link(Link::Live), []);
}
