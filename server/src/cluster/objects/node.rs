//! The Deployment of one node in one workflow.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Container, EnvFromSource, PodSpec, SecretEnvSource, Toleration};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use krt::manifest::{Node, Workflow};
use krt::names;

use super::{Plan, environment, pod, volumes};
use crate::cluster::labels::About;

/// The resource that the device plugin offers.
const GPU_RESOURCE: &str = "nvidia.com/gpu";
/// Label and taint of the cluster nodes with a GPU.
const GPU_MACHINE: &str = "konstellation.io/gpu";

pub(super) fn deployment(plan: &Plan, root: &OwnerReference, workflow: &Workflow, node: &Node) -> Deployment {
    let name = names::deployment(&plan.version.name, &workflow.name, &node.name);
    let about = About::Node { workflow: &workflow.name, node: &node.name };
    let containers = vec![container(plan, workflow, node)];
    let mut spec = pod::pod(plan, pod::user_of(&node.image), containers, volumes::of_node(plan));
    if node.gpu {
        ask_for_gpu(&mut spec);
    }
    pod::deployment(plan, root, name, about, node.replicas.get(), spec)
}

fn container(plan: &Plan, workflow: &Workflow, node: &Node) -> Container {
    let resources = &plan.settings.resources;
    let variables = SecretEnvSource { name: names::secret(&plan.version.name), optional: None };
    Container {
        name: node.name.to_string(),
        image: Some(node.image.to_string()),
        env: Some(environment::of_node(plan, workflow, node)),
        env_from: Some(vec![EnvFromSource { secret_ref: Some(variables), ..EnvFromSource::default() }]),
        resources: Some(pod::resources(
            &resources.node_cpu,
            &resources.node_memory,
            resources.node_memory_limit.as_deref(),
        )),
        security_context: Some(pod::restricted()),
        volume_mounts: Some(volumes::mounts_of_node(plan)),
        ..Container::default()
    }
}

/// Requests one GPU on a cluster node that has one.
fn ask_for_gpu(spec: &mut PodSpec) {
    let tolerate = |key: &str| Toleration {
        key: Some(key.to_owned()),
        operator: Some("Exists".to_owned()),
        effect: Some("NoSchedule".to_owned()),
        ..Toleration::default()
    };
    spec.node_selector = Some([(GPU_MACHINE.to_owned(), "true".to_owned())].into());
    spec.tolerations = Some(vec![tolerate(GPU_MACHINE), tolerate(GPU_RESOURCE)]);
    for resources in spec.containers.iter_mut().filter_map(|container| container.resources.as_mut()) {
        for amounts in [&mut resources.requests, &mut resources.limits] {
            amounts.get_or_insert_default().insert(GPU_RESOURCE.to_owned(), Quantity("1".to_owned()));
        }
    }
}
