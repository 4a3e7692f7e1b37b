//! Configuration through the platform: who can read values, and which values are rejected.

use app::api::Configurations;
use app::error::ErrorKind;
use krt::lifecycle::Action;

use super::fixture::Fixture;
use crate::platform::CONFIGURATION_LIMIT;

async fn set(fixture: &Fixture, name: &str, value: &str) -> Result<(), app::error::Error> {
    let values = vec![(name.to_owned(), value.to_owned())];
    fixture.console.set_configuration(&fixture.manager, "demo", "v1", values).await
}

#[tokio::test]
async fn values_are_shown_only_to_callers_who_may_read_them() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    set(&fixture, "GREETING", "hello").await.unwrap();
    for (caller, value) in [(&fixture.viewer, None), (&fixture.manager, Some("hello")), (&fixture.admin, Some("hello"))]
    {
        let configuration = fixture.console.get_configuration(caller, "demo", "v1", 0).await.unwrap();
        let entry = &configuration.entries[0];
        assert_eq!((entry.is_set, entry.value.as_deref()), (true, value), "{}", caller.name);
        assert_eq!(configuration.locked.is_some(), value.is_none(), "{}", caller.name);
    }
}

#[tokio::test]
async fn the_configuration_is_locked_while_processes_use_it() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    set(&fixture, "GREETING", "hello").await.unwrap();
    fixture.take(Action::Start, "v1").await.unwrap();
    let configuration = fixture.console.get_configuration(&fixture.manager, "demo", "v1", 0).await.unwrap();
    let error = set(&fixture, "GREETING", "bye").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert_eq!(configuration.locked, Some(error.message));
}

#[tokio::test]
async fn values_that_do_not_fit_into_a_secret_are_rejected() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    for (name, value) in [
        ("GREETING", "x".repeat(CONFIGURATION_LIMIT)),
        ("GREETING", "nul \0".to_owned()),
        ("OTHER", "not declared".to_owned()),
    ] {
        let error = set(&fixture, name, &value).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid, "{}", error.message);
    }
    set(&fixture, "GREETING", &"x".repeat(CONFIGURATION_LIMIT - "GREETING".len())).await.unwrap();
}
