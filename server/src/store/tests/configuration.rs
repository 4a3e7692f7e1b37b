//! Configuration values: required before a start, unchangeable while a version runs, never in a log.

use app::model::ConfigurationKind;
use krt::lifecycle::Action;

use super::fixture::{Fixture, manifest_with_config, version};
use crate::store::{ActionError, SetConfigurationError};

const LIMIT: usize = 100;

async fn fixture() -> (Fixture, String) {
    let fixture = Fixture::with_versions(&[]).await;
    let mut new = version("demo", "v1");
    new.manifest = manifest_with_config("v1", "{variables: [URL, KEY], files: [model.json]}");
    fixture.store.create_version(&fixture.manager, new).await.unwrap();
    let uid = fixture.row("v1").await.uid;
    (fixture, uid)
}

async fn set(fixture: &Fixture, uid: &str, values: &[(&str, &str)]) -> Result<(), SetConfigurationError> {
    let values = values.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    fixture.store.set_configuration(&fixture.manager, uid, values, LIMIT).await
}

#[tokio::test]
async fn a_version_starts_only_with_all_its_values() {
    let (fixture, uid) = fixture().await;
    assert_eq!(fixture.row("v1").await.missing_configuration, ["URL", "KEY", "model.json"]);
    set(&fixture, &uid, &[("model.json", "{}"), ("URL", "")]).await.unwrap();
    let error = fixture.take(Action::Start, "v1").await.unwrap_err();
    assert!(matches!(&error, ActionError::Refused(why) if why.ends_with("first: KEY")), "{error:?}");
    set(&fixture, &uid, &[("KEY", "secret")]).await.unwrap();
    assert!(fixture.row("v1").await.missing_configuration.is_empty());
    let values = fixture.store.configuration_values(&uid).await.unwrap();
    let values: Vec<_> = values.iter().map(|value| (value.name.as_str(), value.kind, value.value.as_str())).collect();
    let (variable, file) = (ConfigurationKind::Variable, ConfigurationKind::File);
    assert_eq!(values, [("KEY", variable, "secret"), ("URL", variable, ""), ("model.json", file, "{}")]);
    fixture.take(Action::Start, "v1").await.unwrap();
    let error = set(&fixture, &uid, &[("KEY", "other")]).await.unwrap_err();
    assert!(matches!(error, SetConfigurationError::Locked(_)), "{error:?}");
}

#[tokio::test]
async fn the_audit_names_what_was_set_and_never_its_value() {
    let (fixture, uid) = fixture().await;
    set(&fixture, &uid, &[("URL", "https://x"), ("KEY", "secret")]).await.unwrap();
    set(&fixture, &uid, &[("URL", "https://x"), ("KEY", "changed")]).await.unwrap();
    set(&fixture, &uid, &[("URL", "https://x")]).await.unwrap();
    let page = fixture.store.activity(&fixture.manager, Default::default()).await.unwrap();
    let said: Vec<_> =
        page.entries.iter().filter(|entry| entry.kind == "configure").map(|entry| entry.reason.as_str()).collect();
    assert_eq!(said, ["Set KEY", "Set URL, KEY"]);
    let values = fixture.store.configuration_values(&uid).await.unwrap();
    assert!(!format!("{values:?}").contains("changed"));
}

#[tokio::test]
async fn undeclared_or_too_large_values_are_refused_as_a_whole() {
    let (fixture, uid) = fixture().await;
    let error = set(&fixture, &uid, &[("URL", "x"), ("OTHER", "y")]).await.unwrap_err();
    assert!(matches!(&error, SetConfigurationError::Undeclared(name) if name == "OTHER"), "{error:?}");
    set(&fixture, &uid, &[("URL", &"x".repeat(80))]).await.unwrap();
    let error = set(&fixture, &uid, &[("KEY", &"x".repeat(15))]).await.unwrap_err();
    assert!(matches!(error, SetConfigurationError::TooLarge { size: 101, limit: LIMIT }), "{error:?}");
    assert_eq!(fixture.row("v1").await.missing_configuration, ["KEY", "model.json"]);
    // Replaced values do not count.
    set(&fixture, &uid, &[("URL", "short"), ("KEY", &"x".repeat(15))]).await.unwrap();
    let error = set(&fixture, "no such uid", &[("URL", "x")]).await.unwrap_err();
    assert!(matches!(error, SetConfigurationError::NotFound), "{error:?}");
}
