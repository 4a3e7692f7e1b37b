//! Runtimes through the platform: creation and its errors.

use app::api::{Frames, Runtimes};
use app::error::ErrorKind;
use app::model::{NewRuntime, VersionFilter};

use super::fixture::{Fixture, runtime};

#[tokio::test]
async fn a_runtime_is_created_with_the_proposed_values() {
    let fixture = Fixture::new().await;
    let typed = NewRuntime { name: " Fraud Detection ".to_owned(), ..NewRuntime::default() };
    let id = fixture.console.create_runtime(&fixture.manager, typed).await.unwrap();
    let detail = fixture.console.get_runtime(&fixture.viewer, &id, VersionFilter::default()).await.unwrap();
    let summary = detail.runtime;
    assert_eq!((summary.id.as_str(), summary.name.as_str()), ("fraud-detection", "Fraud Detection"));
    assert_eq!((summary.namespace.as_str(), summary.created_by.as_str()), ("kre-fraud-detection", "mark"));
    let listed = fixture.console.list_runtimes(&fixture.viewer, "").await.unwrap().runtimes;
    assert_eq!(listed.iter().map(|runtime| runtime.id.as_str()).collect::<Vec<_>>(), ["demo", "fraud-detection"]);
}

#[tokio::test]
async fn values_in_use_are_reported_at_their_fields() {
    let fixture = Fixture::new().await;
    let error = fixture.console.create_runtime(&fixture.manager, runtime("demo")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert_eq!(error.field("id"), Some("Another runtime uses this ID."));
    assert!(error.field("name").is_some() && error.field("namespace").is_some());
}

#[tokio::test]
async fn a_foreign_namespace_is_rejected_with_an_error_for_its_field() {
    let fixture = Fixture::new().await;
    let client = kube::Client::new(fixture.embedded.router(), "default");
    let namespaces = kube::Api::<k8s_openapi::api::core::v1::Namespace>::all(client);
    let mut namespace = k8s_openapi::api::core::v1::Namespace::default();
    namespace.metadata.name = Some("somebody-elses".to_owned());
    namespaces.create(&Default::default(), &namespace).await.unwrap();
    let typed = NewRuntime { namespace: "somebody-elses".to_owned(), ..runtime("other") };
    let error = fixture.console.create_runtime(&fixture.manager, typed).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid);
    assert!(error.field("namespace").unwrap().contains("somebody-elses"), "{error:?}");
}

#[tokio::test]
async fn a_frame_contains_the_position_of_its_page() {
    let fixture = Fixture::new().await;
    let before = fixture.console.frame(&fixture.viewer).await.unwrap();
    assert_eq!(before.position, fixture.hub.position());
    fixture.hub.publish(app::model::LiveEvent::RuntimeList);
    let after = fixture.console.frame(&fixture.viewer).await.unwrap();
    assert_ne!(before.position, after.position);
}
