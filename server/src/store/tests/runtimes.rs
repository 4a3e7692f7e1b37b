//! Runtimes: unique by ID, name and namespace, created once per idempotency key.

use krt::lifecycle::{Action, Event};
use krt::roles::Role;

use super::fixture::{Fixture, runtime};
use crate::state::RuntimeCounts;
use crate::store::CreateRuntimeError;

#[tokio::test]
async fn id_name_and_namespace_are_each_unique_and_reported_together() {
    let fixture = Fixture::new().await;
    fixture.store.create_runtime(&fixture.manager, runtime("demo")).await.unwrap();
    let mut other = runtime("other");
    for (field, value) in [("id", "demo"), ("name", " Demo  "), ("namespace", "kre-demo")] {
        let mut new = runtime("third");
        let place = match field {
            "id" => (&mut new.id, &mut other.id),
            "name" => (&mut new.name, &mut other.name),
            _ => (&mut new.namespace, &mut other.namespace),
        };
        *place.0 = value.to_owned();
        *place.1 = value.to_owned();
        let error = fixture.store.create_runtime(&fixture.manager, new).await.unwrap_err();
        assert!(matches!(&error, CreateRuntimeError::Taken(fields) if *fields == [field]), "{error:?}");
    }
    let error = fixture.store.create_runtime(&fixture.manager, other).await.unwrap_err();
    assert!(matches!(&error, CreateRuntimeError::Taken(fields) if fields.len() == 3), "{error:?}");
    assert_eq!(fixture.store.runtimes().await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_form_sent_twice_creates_one_runtime() {
    let fixture = Fixture::new().await;
    let mut new = runtime("demo");
    new.idempotency_key = "f1".to_owned();
    for _ in 0..2 {
        assert_eq!(fixture.store.create_runtime(&fixture.manager, new.clone()).await.unwrap(), "demo");
    }
    let activity = fixture.store.activity(&fixture.manager, Default::default()).await.unwrap();
    assert_eq!(activity.entries.len(), 1);
    // With any other content, the key is refused; keys of different people are independent.
    let redescribed = app::model::NewRuntime { description: "Another one".to_owned(), ..new.clone() };
    let error = fixture.store.create_runtime(&fixture.manager, redescribed).await.unwrap_err();
    assert!(matches!(error, CreateRuntimeError::KeyReused(_)), "{error:?}");
    let other = crate::store::tests::fixture::runtime("other");
    let reused = app::model::NewRuntime { idempotency_key: "f1".to_owned(), ..other.clone() };
    let error = fixture.store.create_runtime(&fixture.manager, reused.clone()).await.unwrap_err();
    assert!(matches!(error, CreateRuntimeError::KeyReused(_)), "{error:?}");
    let eve = fixture.store.ensure_user("eve", Role::Manager).await.unwrap();
    assert_eq!(fixture.store.create_runtime(&eve, reused).await.unwrap(), "other");
}

#[tokio::test]
async fn a_refused_form_can_be_fixed_and_sent_again() {
    let fixture = Fixture::new().await;
    fixture.store.create_runtime(&fixture.manager, runtime("demo")).await.unwrap();
    let mut new = runtime("demo");
    new.idempotency_key = "f1".to_owned();
    fixture.store.create_runtime(&fixture.manager, new.clone()).await.unwrap_err();
    let fixed = app::model::NewRuntime { idempotency_key: new.idempotency_key, ..runtime("demo-2") };
    assert_eq!(fixture.store.create_runtime(&fixture.manager, fixed).await.unwrap(), "demo-2");
}

#[tokio::test]
async fn versions_are_counted_by_what_they_do() {
    let fixture = Fixture::with_versions(&["stopped", "starting", "started", "failed", "published", "archived"]).await;
    fixture.take(Action::Archive, "archived").await.unwrap();
    fixture.take(Action::Start, "starting").await.unwrap();
    fixture.run("started").await;
    fixture.take(Action::Start, "failed").await.unwrap();
    fixture.record(Event::Failure, "failed").await;
    fixture.run_and_publish("published").await;
    let demo = fixture.store.runtime("demo").await.unwrap().unwrap();
    let counts = fixture.store.counts(&demo, |_, version| version.name == "published").await.unwrap();
    assert_eq!(counts, RuntimeCounts { archived: 1, present: 5, running: 2, unhealthy: 2 });
    let busy = fixture.store.busy_versions(Some("demo")).await.unwrap();
    let mut busy: Vec<_> = busy.iter().map(|version| version.name.as_str()).collect();
    busy.sort();
    assert_eq!(busy, ["failed", "published", "started", "starting"]);
    assert_eq!(fixture.store.busy_versions(None).await.unwrap().len(), 4);
    assert_eq!(fixture.store.busy_versions(Some("other")).await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_key_that_was_stored_without_its_digest_answers_as_before() {
    let fixture = Fixture::new().await;
    let mut new = runtime("demo");
    new.idempotency_key = "f1".to_owned();
    fixture.store.create_runtime(&fixture.manager, new.clone()).await.unwrap();
    fixture.store.0.writer.lock().unwrap().execute("UPDATE forms SET work = 'create-runtime demo'", []).unwrap();
    assert_eq!(fixture.store.create_runtime(&fixture.manager, new).await.unwrap(), "demo");
}

#[tokio::test]
async fn runtimes_are_listed_in_pages_by_name_and_none_looks_like_another() {
    let fixture = Fixture::with_versions(&[]).await;
    for name in ["Beta", "alpha", "Gamma"] {
        let new = app::model::NewRuntime { name: name.to_owned(), ..runtime(&name.to_lowercase()) };
        fixture.store.create_runtime(&fixture.manager, new).await.unwrap();
    }
    let mut all = Vec::new();
    let mut after = String::new();
    loop {
        let (page, total, is_more) = fixture.store.list_runtimes(&after, 2, |_, _| false).await.unwrap();
        assert_eq!(total, 4);
        all.extend(page.iter().map(|(runtime, _)| runtime.id.clone()));
        if !is_more {
            break;
        }
        after = all.last().unwrap().clone();
    }
    assert_eq!(all, ["alpha", "beta", "demo", "gamma"]);
    // Partly Cyrillic, but looks the same.
    let new = app::model::NewRuntime { name: "Аlрha".to_owned(), ..runtime("other") };
    let error = fixture.store.create_runtime(&fixture.manager, new).await.unwrap_err();
    assert!(matches!(&error, CreateRuntimeError::LooksLike(name) if name == "alpha"), "{error:?}");
}
