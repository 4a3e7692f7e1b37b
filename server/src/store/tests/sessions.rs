//! Sessions while the store cannot be written.

use std::time::Duration;

use super::fixture::Fixture;
use crate::store::{DATABASE, Redeemed, SESSION_LIFE, StoreError};

async fn sign_in(fixture: &Fixture) -> String {
    let link = fixture.store.create_sign_in_link(fixture.manager.id).await.unwrap();
    match fixture.store.redeem_sign_in_link(&link, SESSION_LIFE).await.unwrap() {
        Redeemed::SignedIn { token, .. } => token,
        other => panic!("{other:?}"),
    }
}

fn make_read_only(fixture: &Fixture, read_only: bool) {
    fixture.store.0.writer.lock().unwrap().pragma_update(None, "query_only", read_only).unwrap();
}

#[tokio::test]
async fn a_session_that_cannot_be_extended_stays_valid() {
    let fixture = Fixture::new().await;
    let token = sign_in(&fixture).await;
    fixture.pass(SESSION_LIFE / 2);
    make_read_only(&fixture, true);
    for _ in 0..3 {
        assert!(fixture.store.session(&token, SESSION_LIFE).await.unwrap().is_some());
        fixture.store.extended().await;
    }
    make_read_only(&fixture, false);
    assert!(fixture.store.session(&token, SESSION_LIFE).await.unwrap().is_some());
    fixture.store.extended().await;
    fixture.pass(SESSION_LIFE - 1);
    assert!(fixture.store.session(&token, SESSION_LIFE).await.unwrap().is_some());
}

#[tokio::test]
async fn a_sign_out_that_cannot_be_recorded_is_effective_and_recorded_later() {
    let fixture = Fixture::new().await;
    let (token, other) = (sign_in(&fixture).await, sign_in(&fixture).await);
    make_read_only(&fixture, true);
    let error = fixture.store.end_session(&token).await.unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error}");
    assert_eq!(fixture.store.session(&token, SESSION_LIFE).await.unwrap(), None);
    assert!(fixture.store.session(&other, SESSION_LIFE).await.unwrap().is_some());
    make_read_only(&fixture, false);
    let database = rusqlite::Connection::open(fixture.folder.path().join(DATABASE)).unwrap();
    testing::eventually_async("the sign-out is recorded", testing::DEADLINE, async || {
        let left: i64 = database.query_row("SELECT COUNT(*) FROM sessions", [], |row| row.get(0)).unwrap();
        (left == 1).then_some(())
    })
    .await;
    assert_eq!(fixture.store.session(&token, SESSION_LIFE).await.unwrap(), None);
}

#[tokio::test]
async fn a_sign_out_is_effective_even_if_its_future_is_dropped() {
    let fixture = Fixture::new().await;
    let token = sign_in(&fixture).await;
    let turn = fixture.store.0.gate.write(Duration::from_secs(60)).await.unwrap();
    let ending = fixture.store.end_session(&token);
    assert!(tokio::time::timeout(Duration::from_millis(20), ending).await.is_err());
    assert_eq!(fixture.store.session(&token, SESSION_LIFE).await.unwrap(), None);
    drop(turn);
    // The next write comes after it.
    fixture.store.ensure_user("eve", krt::roles::Role::Viewer).await.unwrap();
    let fixture = fixture.restart().await;
    assert_eq!(fixture.store.session(&token, SESSION_LIFE).await.unwrap(), None);
}

#[tokio::test]
async fn an_invalid_token_is_refused_while_nothing_can_be_written() {
    let fixture = Fixture::new().await;
    let used = fixture.store.create_sign_in_link(fixture.manager.id).await.unwrap();
    fixture.store.redeem_sign_in_link(&used, SESSION_LIFE).await.unwrap();
    let good = fixture.store.create_sign_in_link(fixture.manager.id).await.unwrap();
    make_read_only(&fixture, true);
    assert_eq!(fixture.store.redeem_sign_in_link("unknown", SESSION_LIFE).await.unwrap(), Redeemed::Unknown);
    assert_eq!(fixture.store.redeem_sign_in_link(&used, SESSION_LIFE).await.unwrap(), Redeemed::Used);
    fixture.store.redeem_sign_in_link(&good, SESSION_LIFE).await.unwrap_err();
    make_read_only(&fixture, false);
    let redeemed = fixture.store.redeem_sign_in_link(&good, SESSION_LIFE).await.unwrap();
    assert!(matches!(redeemed, Redeemed::SignedIn { .. }), "{redeemed:?}");
}
