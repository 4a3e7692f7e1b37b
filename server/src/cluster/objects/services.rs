//! The Service of an entrypoint, as the documentation prints it: a version's own one, and `active-entrypoint`.

use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use krt::names;

use super::{Built, Plan, metadata};
use crate::cluster::labels::{self, About};

/// Port of gRPC, on the Service and in the pod.
pub(super) const GRPC_PORT: i32 = 9000;
/// Port of the `.proto` file on the Service.
const WEB_PORT: i32 = 80;
/// The same port in the pod, whose user may not bind to 80.
pub(super) const WEB_TARGET: i32 = 8080;

/// The version's own Service, which has the version's name: exists while the version is not published.
pub fn own(plan: &Plan, root: &OwnerReference) -> Built {
    let name = names::service(&plan.version.name);
    let metadata = metadata(plan, name, About::Entrypoint, Some(root));
    Built::new(Service { metadata, spec: Some(spec(&plan.version.name)), status: None })
}

/// The Service of a version that does not exist yet, for a dry run of whether the cluster accepts it.
pub fn probe(namespace: &str, version: &str) -> Service {
    let metadata = ObjectMeta {
        name: Some(names::service(version)),
        namespace: Some(namespace.to_owned()),
        ..ObjectMeta::default()
    };
    Service { metadata, spec: Some(spec(version)), status: None }
}

/// `active-entrypoint`, selecting this version. It belongs to the runtime: no version owns it, and our own labels on it
/// name none, so that it is never pruned with a version.
pub fn active(plan: &Plan) -> Built {
    let mut all = labels::of_runtime(plan.instance, &plan.runtime.id);
    all.extend(labels::documented(&plan.version.name, About::Entrypoint));
    let metadata = ObjectMeta {
        name: Some(names::ACTIVE_ENTRYPOINT.to_owned()),
        namespace: Some(plan.runtime.namespace.clone()),
        labels: Some(all),
        ..ObjectMeta::default()
    };
    Built::new(Service { metadata, spec: Some(spec(&plan.version.name)), status: None })
}

fn spec(version: &str) -> ServiceSpec {
    let port = |name: &str, port, target| ServicePort {
        name: Some(name.to_owned()),
        port,
        protocol: Some("TCP".to_owned()),
        target_port: Some(IntOrString::Int(target)),
        ..ServicePort::default()
    };
    ServiceSpec {
        type_: Some("ClusterIP".to_owned()),
        selector: Some(labels::entrypoint_selector(version)),
        ports: Some(vec![port("grpc", GRPC_PORT, GRPC_PORT), port("web", WEB_PORT, WEB_TARGET)]),
        ..ServiceSpec::default()
    }
}
