//! What all our pods have in common: the init container that unpacks the package, and the `restricted` security.

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec};
use k8s_openapi::api::core::v1::{
    Capabilities, Container, LocalObjectReference, PodSecurityContext, PodSpec, PodTemplateSpec, ResourceRequirements,
    SeccompProfile, SecurityContext,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta, OwnerReference};

use super::environment::variable;
use super::{Plan, configuration, metadata, stores, volumes};
use crate::cluster::labels::{self, About, INSTANCE, Labels, PACKAGE, STORES, VERSION_UID};

/// Path on this console (`web::internal`) from which the pods of a version fetch its package, with the token as bearer.
pub fn package_path(version_uid: &str) -> String {
    format!("/internal/packages/{version_uid}")
}

/// The user ID that a runner image runs as: 1001 in kre-py, 10001 in kre-go and kre-entrypoint. Other images, which are
/// built on one of these, get the latter.
pub(super) fn user_of(image: &str) -> i64 {
    let name = image.rsplit('/').next().unwrap_or(image);
    if name.starts_with("kre-py") || name.starts_with("krt-py") { 1001 } else { 10001 }
}

/// The Deployment of one process; its pods have its labels.
pub(super) fn deployment(
    plan: &Plan,
    root: &OwnerReference,
    name: String,
    about: About,
    replicas: i32,
    spec: PodSpec,
) -> Deployment {
    let metadata = metadata(plan, name, about, Some(root));
    let labels = metadata.labels.clone().unwrap_or_default();
    let package = (PACKAGE.to_owned(), plan.version.package.sha256.clone());
    let stores = (STORES.to_owned(), stores::checksum(plan));
    let template = PodTemplateSpec {
        metadata: Some(ObjectMeta {
            labels: Some(labels.clone()),
            annotations: Some([package, stores].into()),
            ..ObjectMeta::default()
        }),
        spec: Some(spec),
    };
    Deployment {
        metadata,
        spec: Some(DeploymentSpec {
            replicas: Some(replicas),
            // Nodes listen on no port and cannot be probed: a node that runs for this many seconds counts as available.
            // The entrypoint is probed.
            min_ready_seconds: matches!(about, About::Node { .. }).then_some(5),
            selector: LabelSelector { match_labels: Some(selector(labels)), match_expressions: None },
            template,
            ..DeploymentSpec::default()
        }),
        status: None,
    }
}

/// The pod for these containers.
pub(super) fn pod(
    plan: &Plan,
    user: i64,
    containers: Vec<Container>,
    volumes: Vec<k8s_openapi::api::core::v1::Volume>,
) -> PodSpec {
    let pull_secrets: Vec<_> =
        plan.settings.pull_secret.iter().map(|name| LocalObjectReference { name: name.clone() }).collect();
    PodSpec {
        init_containers: Some(vec![unpack(plan)]),
        containers,
        volumes: Some(volumes),
        automount_service_account_token: Some(false),
        // Environment variables of other Services could collide with those of the runners.
        enable_service_links: Some(false),
        image_pull_secrets: Some(pull_secrets).filter(|secrets| !secrets.is_empty()),
        security_context: Some(PodSecurityContext {
            run_as_non_root: Some(true),
            run_as_user: Some(user),
            run_as_group: Some(user),
            fs_group: Some(user),
            seccomp_profile: Some(SeccompProfile { type_: "RuntimeDefault".to_owned(), localhost_profile: None }),
            ..PodSecurityContext::default()
        }),
        ..PodSpec::default()
    }
}

/// What the Pod Security Standard `restricted` requires of a container.
pub(super) fn restricted() -> SecurityContext {
    SecurityContext {
        allow_privilege_escalation: Some(false),
        capabilities: Some(Capabilities { drop: Some(vec!["ALL".to_owned()]), add: None }),
        ..SecurityContext::default()
    }
}

/// [`restricted`], for our own containers, which write to their volumes only.
pub(super) fn sealed() -> SecurityContext {
    SecurityContext { read_only_root_filesystem: Some(true), ..restricted() }
}

/// Resource requests, and a memory limit if given.
pub(super) fn resources(cpu: &str, memory: &str, memory_limit: Option<&str>) -> ResourceRequirements {
    let quantity = |name: &str, amount: &str| (name.to_owned(), Quantity(amount.to_owned()));
    ResourceRequirements {
        requests: Some([quantity("cpu", cpu), quantity("memory", memory)].into()),
        limits: memory_limit.map(|limit| [quantity("memory", limit)].into()),
        claims: None,
    }
}

/// The init container: fetches the package, verifies its SHA-256, and unpacks it. Its name is longer than a node's name
/// may be, so that the two never collide.
fn unpack(plan: &Plan) -> Container {
    let script = format!(
        "set -eu\n\
         cd {folder}\n\
         wget -q -T 60 -O .krt-console-package --header \"Authorization: Bearer $(cat {token}/{key})\" \"$PACKAGE_URL\"\n\
         echo \"$PACKAGE_SHA256  .krt-console-package\" | sha256sum -c -\n\
         tar -xzf .krt-console-package\n\
         rm .krt-console-package\n",
        folder = volumes::PACKAGE_PATH,
        token = volumes::TOKEN_PATH,
        key = configuration::TOKEN,
    );
    let url = format!("{}{}", plan.settings.pods_url.trim_end_matches('/'), package_path(&plan.version.uid));
    Container {
        name: "krt-files-downloader".to_owned(),
        image: Some(plan.settings.init_image.clone()),
        command: Some(vec!["sh".to_owned(), "-c".to_owned(), script]),
        env: Some(vec![variable("PACKAGE_URL", url), variable("PACKAGE_SHA256", &plan.version.package.sha256)]),
        resources: Some(resources("10m", "16Mi", None)),
        security_context: Some(sealed()),
        volume_mounts: Some(volumes::mounts_of_init()),
        ..Container::default()
    }
}

/// The selector of one process's pods. A selector is immutable, so it contains only labels that never change.
fn selector(labels: Labels) -> Labels {
    let keep = [INSTANCE, VERSION_UID, labels::TYPE, labels::WORKFLOW_NAME, labels::NODE_NAME];
    labels.into_iter().filter(|(key, _)| keep.contains(&key.as_str())).collect()
}
