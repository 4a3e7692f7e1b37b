//! The main workflow on an external cluster, if `KRT_CONSOLE_TEST_KUBECONFIG` names one: the same stack as in the other
//! tests, with pods that the cluster runs or simulates.

use std::collections::BTreeMap;
use std::path::PathBuf;

use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Pod, Service};
use krt::lifecycle::{Action, Status};
use krt::names::ACTIVE_ENTRYPOINT;
use kube::api::{DeleteParams, PostParams};
use kube::core::ObjectMeta;
use kube::{Api, ResourceExt};
use server::cluster::{Connection, connect, labels};
use tempfile::TempDir;

use crate::console::{Console, until};

/// Label of the namespace that this test creates and removes.
const TEST: &str = "krt-console.io/contract-test";

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_started_published_unpublished_and_stopped_on_real() {
    let Some(file) = std::env::var_os("KRT_CONSOLE_TEST_KUBECONFIG").map(PathBuf::from) else {
        testing::skip("main job on a real cluster", "KRT_CONSOLE_TEST_KUBECONFIG names none");
        return;
    };
    let connection = Connection::Kubeconfig { file: Some(file), context: None };
    let admin = connect(connection.clone()).await.unwrap();
    let id = format!("t{}", &uuid::Uuid::new_v4().simple().to_string()[..10]);
    let namespace = format!("kre-{id}");
    prepare(&admin, &namespace, &id).await;

    let folder = TempDir::new().unwrap();
    let console = Console::start(folder.path(), connection).await;
    console.cluster.check_namespace(&namespace, &id).await.unwrap();
    console.runtime(&id).await;
    console.start_version(&id, "v1").await;
    let names = async |api: Api<Service>| {
        let services = api.list(&Default::default()).await.unwrap().items;
        services.iter().map(ResourceExt::name_any).filter(|name| name != "kubernetes").collect::<Vec<_>>()
    };
    let services = Api::<Service>::namespaced(admin.clone(), &namespace);
    assert_eq!(names(services.clone()).await, ["v1"]);
    console.take(Action::Publish, &id, "v1").await;
    console.until_status(&id, "v1", Status::Published).await;
    assert_eq!(names(services.clone()).await, [ACTIVE_ENTRYPOINT]);
    console.take(Action::Unpublish, &id, "v1").await;
    console.until_status(&id, "v1", Status::Started).await;
    assert_eq!(names(services).await, ["v1"]);
    console.take(Action::Stop, &id, "v1").await;
    console.until_status(&id, "v1", Status::Stopped).await;
    let pods = Api::<Pod>::namespaced(admin.clone(), &namespace);
    assert!(pods.list(&Default::default()).await.unwrap().items.is_empty());
    let roots = Api::<ConfigMap>::namespaced(admin.clone(), &namespace);
    assert_eq!(roots.get_opt(&krt::names::root_config_map("v1")).await.unwrap(), None);
    let state = console.state();
    assert_eq!((state.unreachable, state.notes), (None, Vec::new()));
    console.end().await;

    remove(admin, &namespace).await;
}

/// Removes the namespace that a test has prepared, and waits until it is gone.
pub async fn remove(admin: kube::Client, namespace: &str) {
    let namespaces = Api::<Namespace>::all(admin);
    namespaces.delete(namespace, &DeleteParams::default()).await.unwrap();
    until("the namespace is gone", async || namespaces.get_opt(namespace).await.unwrap().is_none()).await;
}

/// Creates a namespace prepared for the runtime, with the label of tests.
pub async fn prepare(admin: &kube::Client, namespace: &str, runtime: &str) {
    let labels = [(labels::RUNTIME, runtime), (TEST, "true")];
    let labels: BTreeMap<_, _> = labels.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let metadata = ObjectMeta { name: Some(namespace.to_owned()), labels: Some(labels), ..ObjectMeta::default() };
    let object = Namespace { metadata, ..Namespace::default() };
    Api::<Namespace>::all(admin.clone()).create(&PostParams::default(), &object).await.unwrap();
}
