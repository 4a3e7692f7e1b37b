//! Sign-in links and sessions.

use std::time::Duration;

use krt::roles::Role;
use tokio_util::sync::CancellationToken;

use super::fixture::Fixture;
use crate::store::{Redeemed, SESSION_LIFE, SESSION_LONGEST, SIGN_IN_LINK_LIFE, StoreError};

const HOUR: i64 = 60 * 60 * 1000;

async fn sign_in(fixture: &Fixture) -> String {
    let link = fixture.store.create_sign_in_link(fixture.manager.id).await.unwrap();
    match fixture.store.redeem_sign_in_link(&link, SESSION_LIFE).await.unwrap() {
        Redeemed::SignedIn { token, caller } => {
            assert_eq!(caller, fixture.manager);
            token
        }
        other => panic!("{other:?}"),
    }
}

/// Waits until the database has this many of these rows, for less time than passes between two regular checks.
async fn until_there_are(fixture: &Fixture, expected: i64, what: &'static str) {
    let look = async || {
        let query = format!("SELECT COUNT(*) FROM {what}");
        let count = fixture
            .store
            .read(move |_, transaction| Ok::<i64, StoreError>(transaction.query_row(&query, [], |row| row.get(0))?));
        count.await.unwrap()
    };
    testing::eventually_async(what, Duration::from_secs(10), async || (look().await == expected).then_some(())).await;
}

#[tokio::test]
async fn a_user_is_created_once() {
    let fixture = Fixture::new().await;
    let again = fixture.store.ensure_user("ada", Role::Viewer).await.unwrap();
    assert_eq!(again, fixture.manager);
    let other = fixture.store.ensure_user("eve", Role::Viewer).await.unwrap();
    assert_ne!(other.id, again.id);
}

#[tokio::test]
async fn a_sign_in_link_opens_one_session_and_is_used_up() {
    let fixture = Fixture::new().await;
    let link = fixture.store.create_sign_in_link(fixture.manager.id).await.unwrap();
    let Redeemed::SignedIn { token, .. } = fixture.store.redeem_sign_in_link(&link, SESSION_LIFE).await.unwrap() else {
        panic!()
    };
    assert_eq!(fixture.store.session(&token, SESSION_LIFE).await.unwrap().as_ref(), Some(&fixture.manager));
    assert_eq!(fixture.store.redeem_sign_in_link(&link, SESSION_LIFE).await.unwrap(), Redeemed::Used);
    assert_eq!(fixture.store.redeem_sign_in_link("something else", SESSION_LIFE).await.unwrap(), Redeemed::Unknown);
    assert_eq!(fixture.store.session(&link, SESSION_LIFE).await.unwrap(), None);
    let activity = fixture.store.activity(&fixture.manager, Default::default()).await.unwrap();
    let entries: Vec<_> = activity.entries.iter().map(|entry| (entry.who.as_str(), entry.kind.as_str())).collect();
    assert_eq!(entries, [("ada", "sign-in")]);
}

#[tokio::test]
async fn a_sign_in_link_lives_for_a_quarter_of_an_hour() {
    let fixture = Fixture::new().await;
    let link = fixture.store.create_sign_in_link(fixture.manager.id).await.unwrap();
    fixture.pass(SIGN_IN_LINK_LIFE - 1);
    let other = fixture.store.create_sign_in_link(fixture.manager.id).await.unwrap();
    fixture.pass(1);
    assert_eq!(fixture.store.redeem_sign_in_link(&link, SESSION_LIFE).await.unwrap(), Redeemed::Expired);
    assert!(matches!(
        fixture.store.redeem_sign_in_link(&other, SESSION_LIFE).await.unwrap(),
        Redeemed::SignedIn { .. }
    ));
}

#[tokio::test]
async fn a_session_lives_while_it_is_used_but_not_forever() {
    let fixture = Fixture::new().await;
    let token = sign_in(&fixture).await;
    fixture.pass(SESSION_LIFE - HOUR);
    assert!(fixture.store.session(&token, SESSION_LIFE).await.unwrap().is_some());
    fixture.store.extended().await;
    let mut age = SESSION_LIFE - HOUR;
    while age + SESSION_LIFE - HOUR < SESSION_LONGEST {
        fixture.pass(SESSION_LIFE - HOUR);
        age += SESSION_LIFE - HOUR;
        assert!(fixture.store.session(&token, SESSION_LIFE).await.unwrap().is_some(), "after {} hours", age / HOUR);
        fixture.store.extended().await;
    }
    fixture.pass(SESSION_LONGEST - age);
    assert_eq!(fixture.store.session(&token, SESSION_LIFE).await.unwrap(), None);
}

#[tokio::test]
async fn an_unused_session_ends_by_itself_and_a_signed_out_one_at_once() {
    let fixture = Fixture::new().await;
    let (unused, ended) = (sign_in(&fixture).await, sign_in(&fixture).await);
    fixture.store.end_session(&ended).await.unwrap();
    assert_eq!(fixture.store.session(&ended, SESSION_LIFE).await.unwrap(), None);
    assert!(fixture.store.session(&unused, SESSION_LIFE).await.unwrap().is_some());
    fixture.pass(SESSION_LIFE);
    assert_eq!(fixture.store.session(&unused, SESSION_LIFE).await.unwrap(), None);
}

#[tokio::test]
async fn no_token_is_in_the_file() {
    let fixture = Fixture::new().await;
    let link = fixture.store.create_sign_in_link(fixture.manager.id).await.unwrap();
    let token = sign_in(&fixture).await;
    for file in std::fs::read_dir(fixture.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for secret in [&link, &token] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
        }
    }
}

#[tokio::test]
async fn a_session_of_half_an_hour_is_kept_alive_by_its_use_too() {
    let fixture = Fixture::new().await;
    let token = sign_in(&fixture).await;
    // A shorter life takes effect only when the longer one is about to run out.
    let life = HOUR / 2;
    fixture.pass(SESSION_LIFE - life);
    for _ in 0..10 {
        fixture.pass(life / 2);
        assert!(fixture.store.session(&token, life).await.unwrap().is_some());
        fixture.store.extended().await;
    }
    fixture.pass(life);
    assert_eq!(fixture.store.session(&token, life).await.unwrap(), None);
}

#[tokio::test]
async fn a_clock_that_jumps_back_revives_no_session() {
    let fixture = Fixture::new().await;
    let (seen, unseen) = (sign_in(&fixture).await, sign_in(&fixture).await);
    fixture.pass(SESSION_LIFE);
    assert_eq!(fixture.store.session(&seen, SESSION_LIFE).await.unwrap(), None);
    fixture.pass(-SESSION_LIFE);
    // In this process at once; in the next one, since it was recorded.
    assert_eq!(fixture.store.session(&seen, SESSION_LIFE).await.unwrap(), None);
    assert_eq!(fixture.store.session(&unseen, SESSION_LIFE).await.unwrap(), None);
    fixture.store.end_expired().await.unwrap();
    let later = sign_in(&fixture).await;
    let fixture = fixture.restart().await;
    for ended in [&seen, &unseen] {
        assert_eq!(fixture.store.session(ended, SESSION_LIFE).await.unwrap(), None);
    }
    assert_eq!(fixture.store.session(&later, SESSION_LIFE).await.unwrap().as_ref(), Some(&fixture.manager));
}

#[tokio::test]
async fn a_clock_that_jumps_back_revives_no_link() {
    let fixture = Fixture::new().await;
    let (used, expired) = {
        let link = || fixture.store.create_sign_in_link(fixture.manager.id);
        (link().await.unwrap(), link().await.unwrap())
    };
    fixture.store.redeem_sign_in_link(&used, SESSION_LIFE).await.unwrap();
    fixture.pass(SIGN_IN_LINK_LIFE);
    assert_eq!(fixture.store.redeem_sign_in_link(&expired, SESSION_LIFE).await.unwrap(), Redeemed::Expired);
    fixture.pass(-SIGN_IN_LINK_LIFE);
    assert_eq!(fixture.store.redeem_sign_in_link(&expired, SESSION_LIFE).await.unwrap(), Redeemed::Expired);
    fixture.store.end_expired().await.unwrap();
    let fixture = fixture.restart().await;
    assert_eq!(fixture.store.redeem_sign_in_link(&expired, SESSION_LIFE).await.unwrap(), Redeemed::Expired);
    assert_eq!(fixture.store.redeem_sign_in_link(&used, SESSION_LIFE).await.unwrap(), Redeemed::Used);
}

#[tokio::test]
async fn what_expires_is_ended_in_the_database_at_once_even_if_unused() {
    let fixture = Fixture::new().await;
    let (session, link) =
        (sign_in(&fixture).await, fixture.store.create_sign_in_link(fixture.manager.id).await.unwrap());
    let almost = |life: i64| life - 50;
    fixture.pass(almost(SIGN_IN_LINK_LIFE));
    let task = tokio::spawn(fixture.store.clone().keep_expiring(CancellationToken::new()));
    until_there_are(&fixture, 2, "sign_in_links WHERE expired = 1").await;
    fixture.pass(almost(SESSION_LIFE) - SIGN_IN_LINK_LIFE);
    task.abort();
    let task = tokio::spawn(fixture.store.clone().keep_expiring(CancellationToken::new()));
    until_there_are(&fixture, 0, "sessions").await;
    task.abort();
    // As after a kill: the next process knows only the database, and the clock shows a time when both were valid.
    let _ = task.await;
    fixture.pass(-SESSION_LIFE);
    let fixture = fixture.restart().await;
    assert_eq!(fixture.store.session(&session, SESSION_LIFE).await.unwrap(), None);
    assert_eq!(fixture.store.redeem_sign_in_link(&link, SESSION_LIFE).await.unwrap(), Redeemed::Expired);
}

#[tokio::test]
async fn a_clock_that_was_far_ahead_for_a_moment_neither_locks_people_out_nor_keeps_them_in() {
    let fixture = Fixture::new().await;
    let years = 70 * 365 * 24 * HOUR;
    let before = sign_in(&fixture).await;
    fixture.pass(years);
    assert_eq!(fixture.store.session(&before, SESSION_LIFE).await.unwrap(), None);
    let meanwhile = sign_in(&fixture).await;
    let link = fixture.store.create_sign_in_link(fixture.manager.id).await.unwrap();
    fixture.pass(-years);
    fixture.store.end_expired().await.unwrap();
    let after = sign_in(&fixture).await;
    assert_eq!(fixture.store.session(&after, SESSION_LIFE).await.unwrap().as_ref(), Some(&fixture.manager));
    assert_eq!(fixture.store.session(&meanwhile, SESSION_LIFE).await.unwrap(), None);
    assert_eq!(fixture.store.redeem_sign_in_link(&link, SESSION_LIFE).await.unwrap(), Redeemed::Expired);
}
