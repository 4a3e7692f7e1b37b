//! The cluster under test, embedded or real, accessed through `kube::Client`.

use std::fmt::Debug;
use std::path::Path;
use std::time::Duration;

use axum::http::{HeaderValue, Request, Response};
use embedded_cluster::{EmbeddedCluster, Options};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Pod};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};
use kube::api::{Api, DeleteParams, ListParams, Patch, PatchParams, PostParams};
use kube::client::Body;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config, Resource, ResourceExt};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tower::ServiceExt;

pub use crate::objects::*;

/// The label of every namespace and cluster-wide object the suite creates; its value is the namespace of the test.
const LABEL: &str = "krt-console.io/contract-test";

/// The namespace of every test on an embedded cluster.
const NAMESPACE: &str = "contract";

/// The server of the API.
enum Place {
    Embedded(EmbeddedCluster),
    Real(Box<Config>),
}

/// A cluster with a namespace for one behavior.
pub struct Cluster {
    pub client: Client,
    pub namespace: String,
    place: Place,
}

impl Cluster {
    /// An empty embedded cluster with a fast clock.
    pub async fn embedded() -> Cluster {
        let cluster = Cluster::open(None).await;
        cluster.create_namespace(NAMESPACE).await;
        cluster
    }

    /// The embedded cluster stored in `file`, or one in memory, without a test namespace.
    pub async fn open(file: Option<&Path>) -> Cluster {
        Cluster::with(file, Options { speed: 20.0, seed: Some(7), ..Options::default() }).await
    }

    /// An embedded cluster with the given options.
    pub async fn with(file: Option<&Path>, options: Options) -> Cluster {
        let embedded = EmbeddedCluster::open(file, options).await.unwrap();
        let client = Client::new(embedded.router(), NAMESPACE);
        Cluster { client, namespace: NAMESPACE.to_owned(), place: Place::Embedded(embedded) }
    }

    /// The real cluster of a kubeconfig.
    pub async fn real(kubeconfig: &Path) -> Cluster {
        let file = Kubeconfig::read_from(kubeconfig).unwrap();
        let config = Config::from_custom_kubeconfig(file, &KubeConfigOptions::default()).await.unwrap();
        let client = Client::try_from(config.clone()).unwrap();
        let namespace = format!("krt-contract-{}", unique());
        let cluster = Cluster { client, namespace: namespace.clone(), place: Place::Real(Box::new(config)) };
        cluster.create_namespace(&namespace).await;
        cluster
    }

    /// Creates a namespace that is removed when the test ends, and waits for its default objects.
    pub async fn create_namespace(&self, name: &str) -> Namespace {
        let object = json!({ "metadata": { "name": name, "labels": { LABEL: self.namespace } } });
        let created = self.all::<Namespace>().create(&PostParams::default(), &from(object)).await.unwrap();
        let accounts: Api<k8s_openapi::api::core::v1::ServiceAccount> = Api::namespaced(self.client.clone(), name);
        until("the namespace has its default objects", || async { accounts.get_opt("default").await.unwrap() }).await;
        created
    }

    /// A unique name for a cluster-wide object.
    pub fn own(&self, name: &str) -> String {
        format!("{}-{name}", self.namespace)
    }

    /// Labels for a cluster-wide object, by which it is removed at the end.
    pub fn label(&self) -> Value {
        json!({ LABEL: self.namespace })
    }

    /// Removes everything that the test created.
    pub async fn clean(&self) {
        let mine = ListParams::default().labels(&format!("{LABEL}={}", self.namespace));
        let now = DeleteParams::background();
        let _ = self.all::<ClusterRoleBinding>().delete_collection(&now, &mine).await;
        let _ = self.all::<ClusterRole>().delete_collection(&now, &mine).await;
        for namespace in self.all::<Namespace>().list(&mine).await.map(|list| list.items).unwrap_or_default() {
            let name = namespace.name_any();
            let _ = self.all::<Namespace>().delete(&name, &now).await;
            // A failed test may have left a finalizer behind, which would keep the namespace forever.
            free::<ConfigMap>(&self.client, &name).await;
            free::<Pod>(&self.client, &name).await;
        }
    }

    /// The embedded cluster itself, for features that only it has.
    pub fn simulated(&self) -> &EmbeddedCluster {
        match &self.place {
            Place::Embedded(cluster) => cluster,
            Place::Real(_) => panic!("this behavior is listed for the embedded cluster only"),
        }
    }

    /// Waits until the controllers of this cluster have observed all writes so far.
    pub async fn settles(&self) {
        match &self.place {
            Place::Embedded(cluster) => cluster.settle().await,
            // Nothing shows what the garbage collector and the authorizer have observed through their watches.
            Place::Real(_) => tokio::time::sleep(Duration::from_secs(3)).await,
        }
    }

    /// A duration in seconds of the cluster's clock that lasts at least `wall` seconds, with a margin for requests on a
    /// real cluster.
    pub fn seconds(&self, wall: i64) -> i64 {
        match self.place {
            Place::Embedded(_) => wall * 20,
            Place::Real(_) => wall * 4,
        }
    }

    /// The `36` of Kubernetes 1.36.
    pub async fn minor(&self) -> u32 {
        let version = self.client.apiserver_version().await.unwrap();
        version.minor.trim_end_matches('+').parse().unwrap()
    }

    /// Makes the cluster compact its first resourceVersions. A real cluster older than a minute has already done so.
    pub async fn compact(&self) {
        if let Place::Embedded(_) = self.place {
            for n in 0..4_200 {
                let patch = Patch::Merge(json!({ "data": { "k": n.to_string() } }));
                self.config_maps().patch("kube-root-ca.crt", &PatchParams::default(), &patch).await.unwrap();
            }
        }
    }

    /// A client that impersonates another user.
    pub fn client_as(&self, user: &str, groups: &[&str]) -> Client {
        match &self.place {
            Place::Embedded(cluster) => {
                let (router, user) = (cluster.router(), HeaderValue::from_str(user).unwrap());
                let groups: Vec<HeaderValue> =
                    groups.iter().map(|group| HeaderValue::from_str(group).unwrap()).collect();
                let service = tower::service_fn(move |mut request: Request<Body>| {
                    request.headers_mut().insert("impersonate-user", user.clone());
                    for group in &groups {
                        request.headers_mut().append("impersonate-group", group.clone());
                    }
                    router.clone().oneshot(request)
                });
                Client::new(service, self.namespace.clone())
            }
            Place::Real(config) => {
                let mut config = config.as_ref().clone();
                config.auth_info.impersonate = Some(user.to_owned());
                config.auth_info.impersonate_groups =
                    (!groups.is_empty()).then(|| groups.iter().map(|group| (*group).to_owned()).collect());
                Client::try_from(config).unwrap()
            }
        }
    }

    pub fn api<K>(&self) -> Api<K>
    where
        K: Resource<Scope = k8s_openapi::NamespaceResourceScope, DynamicType = ()>,
    {
        Api::namespaced(self.client.clone(), &self.namespace)
    }

    pub fn all<K: Resource<DynamicType = ()>>(&self) -> Api<K> {
        Api::all(self.client.clone())
    }

    pub fn config_maps(&self) -> Api<ConfigMap> {
        self.api()
    }

    pub fn deployments(&self) -> Api<Deployment> {
        self.api()
    }

    pub fn pods(&self) -> Api<Pod> {
        self.api()
    }

    /// Creates a namespaced object.
    pub async fn create<K>(&self, object: Value) -> kube::Result<K>
    where
        K: Resource<Scope = k8s_openapi::NamespaceResourceScope, DynamicType = ()>
            + DeserializeOwned
            + serde::Serialize
            + Clone
            + std::fmt::Debug,
    {
        self.api::<K>().create(&PostParams::default(), &from(object)).await
    }

    /// Applies `object` as `manager`.
    pub async fn apply<K>(&self, manager: &str, object: Value) -> kube::Result<K>
    where
        K: Resource<Scope = k8s_openapi::NamespaceResourceScope, DynamicType = ()>
            + DeserializeOwned
            + Clone
            + std::fmt::Debug,
    {
        let name = object["metadata"]["name"].as_str().unwrap().to_owned();
        self.api::<K>().patch(&name, &PatchParams::apply(manager), &Patch::Apply(object)).await
    }

    /// The only pod with this label.
    pub async fn pod(&self, app: &str) -> Option<Pod> {
        let found = self.pods().list(&ListParams::default().labels(&format!("app={app}"))).await.unwrap();
        found.items.into_iter().next()
    }

    /// Sends a request unchanged and returns the status and body, for requests that the typed client cannot send.
    pub async fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, Value) {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned().into_bytes())).unwrap();
        let answer: Response<Body> = self.client.send(request).await.unwrap();
        let code = answer.status().as_u16();
        let bytes = answer.into_body().collect_bytes().await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        (code, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// The path of a collection in the namespace of the test: `/api/v1` + `configmaps`.
    pub fn path(&self, base: &str, resource: &str) -> String {
        format!("{base}/namespaces/{}/{resource}", self.namespace)
    }
}

/// Removes the finalizers of all objects of a kind in a namespace.
async fn free<K>(client: &Client, namespace: &str)
where
    K: Resource<Scope = k8s_openapi::NamespaceResourceScope, DynamicType = ()> + DeserializeOwned + Clone + Debug,
{
    let api: Api<K> = Api::namespaced(client.clone(), namespace);
    for held in api.list(&ListParams::default()).await.map(|list| list.items).unwrap_or_default() {
        if !held.finalizers().is_empty() {
            let patch = Patch::Merge(json!({ "metadata": { "finalizers": null } }));
            let _ = api.patch(&held.name_any(), &PatchParams::default(), &patch).await;
        }
    }
}

/// An identifier that is unique to this run.
fn unique() -> String {
    use std::hash::{BuildHasher, Hasher};
    // Each RandomState has new random keys, which is random enough here.
    let number = std::hash::RandomState::new().build_hasher().finish();
    format!("{:010x}", number & 0xFF_FFFF_FFFF)
}

/// Polls until there is a result: up to 20 seconds, or two minutes when a real cluster is under test too.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let timeout = Duration::from_secs(if std::env::var_os(crate::run::KUBECONFIG).is_some() { 120 } else { 20 });
    testing::eventually_async(what, timeout, async || ask().await).await
}
