//! The console with exactly the permissions granted in `deploy`: it needs no others, and all of these.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use embedded_cluster::EmbeddedCluster;
use k8s_openapi::api::core::v1::ConfigMap;
use krt::lifecycle::{Action, Recorded, Status};
use kube::api::{DeleteParams, DynamicObject, PostParams, PropagationPolicy};
use kube::core::{GroupVersionKind, TypeMeta};
use kube::discovery::ApiResource;
use kube::{Api, ResourceExt};
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use crate::console::{Console, settings, until};
use crate::embedded;

const CONSOLE: &str = "system:serviceaccount:krt-console:krt-console";

#[tokio::test(flavor = "multi_thread")]
async fn the_base_suffices_for_a_whole_lifecycle_and_nothing_in_it_is_unused() {
    let cluster = embedded().await;
    let base = base();
    install(&cluster, &base).await;
    let used = live(&cluster, "demo").await;
    assert_eq!(unused(&base, &used), BTreeSet::new(), "rights in the files that nothing needs");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overlay_suffices_in_a_prepared_namespace_and_nothing_in_it_is_unused() {
    let cluster = embedded().await;
    let mut objects = overlay();
    objects.extend(documents("prepared-namespaces/namespace-of-a-runtime.yaml"));
    install(&cluster, &objects).await;
    let used = live(&cluster, "demo").await;
    assert_eq!(unused(&objects, &used), BTreeSet::new(), "rights in the files that nothing needs");
    assert!(!used.contains("patch rolebindings"), "the role is there already");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_namespace_that_is_not_prepared_is_refused_with_a_reason() {
    let cluster = embedded().await;
    install(&cluster, &overlay()).await;
    let folder = TempDir::new().unwrap();
    let (client, _) = client(&cluster);
    let console = Console::of(folder.path(), client, settings()).await;
    let refused = console.cluster.check_namespace("kre-demo", "demo").await.unwrap_err().to_string();
    assert!(
        refused.contains("no permission to create namespaces") && refused.contains("krt-console.io/runtime=demo"),
        "{refused}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_permission_is_reported_with_its_consequence() {
    let cluster = embedded().await;
    let mut objects = base();
    for object in &mut objects {
        if object["kind"] == "ClusterRole" && object["metadata"]["name"] == "krt-console" {
            object["rules"].as_array_mut().unwrap().retain(|rule| rule["verbs"] != serde_json::json!(["bind"]));
        }
    }
    install(&cluster, &objects).await;
    let folder = TempDir::new().unwrap();
    let (client, _) = client(&cluster);
    let console = Console::of(folder.path(), client, settings()).await;
    until("it is reported", async || !console.state().notes.is_empty()).await;
    assert_eq!(
        console.state().notes,
        ["The console has no permission to bind clusterroles.rbac.authorization.k8s.io krt-console-runtime: no \
             version of a new runtime can be started."]
    );
}

#[test]
fn the_role_that_is_bound_is_the_one_in_the_files() {
    let roles = base().into_iter().filter(|object| object["kind"] == "ClusterRole");
    let names: Vec<_> = roles.map(|role| role["metadata"]["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names, ["krt-console", server::cluster::RUNTIME_ROLE]);
}

/// Creates a runtime and starts, inspects, publishes, replaces, unpublishes and stops versions, also after the root was
/// deleted; returns the permissions that all of this used.
async fn live(cluster: &EmbeddedCluster, runtime: &str) -> BTreeSet<String> {
    let folder = TempDir::new().unwrap();
    let (client, used) = client(cluster);
    let console = Console::of(folder.path(), client.clone(), settings()).await;
    console.cluster.check_namespace(&format!("kre-{runtime}"), runtime).await.unwrap();
    console.runtime(runtime).await;
    console.start_version(runtime, "v1").await;
    let (row, version) = console.rows(runtime, "v1").await;
    let pods = console.cluster.pods(&row, &version).unwrap();
    assert!(!console.cluster.logs(&row, &pods, 10, 10_000).await.is_empty());
    console.take(Action::Publish, runtime, "v1").await;
    console.until_status(runtime, "v1", Status::Published).await;
    let (row, version) = console.rows(runtime, "v1").await;
    assert!(console.cluster.objects(&row, &version, "").await.unwrap().objects.len() > 5);
    console.start_version(runtime, "v2").await;
    console.take(Action::Publish, runtime, "v2").await;
    console.until_status(runtime, "v2", Status::Published).await;
    console.take(Action::Unpublish, runtime, "v2").await;
    console.until_status(runtime, "v2", Status::Started).await;
    console.take(Action::Stop, runtime, "v2").await;
    console.until_status(runtime, "v2", Status::Stopped).await;
    // While no console runs, so that the root is not recreated first.
    console.end().await;
    Console::desired(folder.path(), Action::Stop, runtime, "v1").await;
    lose_the_root(cluster, runtime).await;
    let console = Console::of(folder.path(), client, settings()).await;
    console.until_status(runtime, "v1", Status::Stopped).await;
    assert_eq!(console.rows(runtime, "v1").await.1.recorded, Recorded::Stopped);
    let state = console.state();
    assert_eq!((state.unreachable, state.notes), (None, Vec::new()));
    console.end().await;
    used.lock().unwrap().clone()
}

/// Deletes the root of the running version but not what it owns: a stop then deletes each object itself.
async fn lose_the_root(cluster: &EmbeddedCluster, runtime: &str) {
    let admin = kube::Client::new(cluster.router(), "default");
    let roots = Api::<ConfigMap>::namespaced(admin, &format!("kre-{runtime}"));
    let root = krt::names::root_config_map("v1");
    let orphan = DeleteParams { propagation_policy: Some(PropagationPolicy::Orphan), ..DeleteParams::default() };
    roots.delete(&root, &orphan).await.unwrap();
}

type Used = Arc<Mutex<BTreeSet<String>>>;

/// A client of the console's service account, and the permissions that its calls used, as verb and resource.
fn client(cluster: &EmbeddedCluster) -> (kube::Client, Used) {
    let used = Used::default();
    let noted = used.clone();
    let router: Router = cluster.router_as(CONSOLE, &[]).layer(from_fn(move |request: Request, next: Next| {
        noted.lock().unwrap().extend(rights_of(&request));
        next.run(request)
    }));
    (kube::Client::new(router, "default"), used)
}

/// The permissions that a request needs, as in `create deployments`.
fn rights_of(request: &Request) -> Vec<String> {
    let uri = request.uri();
    let parts: Vec<_> = uri.path().split('/').filter(|part| !part.is_empty()).collect();
    let rest = match parts.as_slice() {
        ["api", _, rest @ ..] | ["apis", _, _, rest @ ..] => rest,
        _ => return Vec::new(),
    };
    let (resource, name) = match rest {
        ["namespaces", _, resource, name, sub] => (format!("{resource}/{sub}"), Some(*name)),
        ["namespaces", _, resource, name] => ((*resource).to_owned(), Some(*name)),
        ["namespaces", _, resource] => ((*resource).to_owned(), None),
        [resource, name] => ((*resource).to_owned(), Some(*name)),
        [resource] => ((*resource).to_owned(), None),
        _ => return Vec::new(),
    };
    let is_watch = uri.query().is_some_and(|query| query.contains("watch=true"));
    let verbs: &[&str] = match (request.method().as_str(), name) {
        ("GET", Some(_)) => &["get"],
        ("GET", None) if is_watch => &["watch"],
        ("GET", None) => &["list"],
        ("POST", _) => &["create"],
        ("PUT", _) => &["update"],
        // Applying an object that does not exist also needs `create`.
        ("PATCH", _) => &["patch", "create"],
        _ => &["delete"],
    };
    let mut all: Vec<_> = verbs.iter().map(|verb| format!("{verb} {resource}")).collect();
    if resource == "rolebindings" {
        all.push("bind clusterroles".to_owned());
    }
    all
}

/// Permissions in the files that were not used.
fn unused(objects: &[Value], used: &BTreeSet<String>) -> BTreeSet<String> {
    let roles = objects.iter().filter(|object| object["rules"].is_array());
    let mut all = BTreeSet::new();
    for rule in roles.flat_map(|role| role["rules"].as_array().unwrap()) {
        for resource in rule["resources"].as_array().unwrap() {
            for verb in rule["verbs"].as_array().unwrap() {
                all.insert(format!("{} {}", verb.as_str().unwrap(), resource.as_str().unwrap()));
            }
        }
    }
    assert!(all.len() > 20);
    all.retain(|right| !used.contains(right));
    all
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy")
}

/// The YAML documents of a file.
fn documents(file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_yaml::Deserializer::from_str(&text).map(|document| Value::deserialize(document).unwrap()).collect()
}

/// The entries of a kustomization under a key, as strings.
fn listed(file: &str, key: &str) -> Vec<String> {
    let kustomization = documents(file).remove(0);
    let items = kustomization[key].as_array().unwrap().clone();
    items.iter().map(|item| item.as_str().or(item["path"].as_str()).unwrap().to_owned()).collect()
}

fn base() -> Vec<Value> {
    let files = listed("base/kustomization.yaml", "resources");
    files.iter().flat_map(|file| documents(&format!("base/{file}"))).collect()
}

/// The base with the overlay's patches, merged as by kustomize: a list of rules replaces the other.
fn overlay() -> Vec<Value> {
    let mut objects = base();
    for file in listed("prepared-namespaces/kustomization.yaml", "patches") {
        for patch in documents(&format!("prepared-namespaces/{file}")) {
            let key = |object: &Value| (object["kind"].clone(), object["metadata"]["name"].clone());
            let place = objects.iter().position(|object| key(object) == key(&patch)).expect("what is patched");
            match patch["$patch"].as_str() {
                Some("delete") => drop(objects.remove(place)),
                _ => objects[place]["rules"] = patch["rules"].clone(),
            }
        }
    }
    objects
}

/// Applies everything about permissions, as an administrator.
async fn install(cluster: &EmbeddedCluster, objects: &[Value]) {
    let admin = kube::Client::new(cluster.router(), "default");
    let about_rights = ["Namespace", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
    for object in objects.iter().filter(|object| about_rights.iter().any(|kind| object["kind"] == *kind)) {
        let object: DynamicObject = serde_json::from_value(object.clone()).unwrap();
        let TypeMeta { api_version, kind } = object.types.clone().unwrap();
        let (group, version) = api_version.split_once('/').unwrap_or(("", &api_version));
        let kind = ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, &kind));
        let api: Api<DynamicObject> = match object.namespace() {
            Some(namespace) => Api::namespaced_with(admin.clone(), &namespace, &kind),
            None => Api::all_with(admin.clone(), &kind),
        };
        api.create(&PostParams::default(), &object).await.unwrap_or_else(|error| panic!("{object:?}: {error}"));
    }
}
