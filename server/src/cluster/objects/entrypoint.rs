//! The Deployment of the entrypoint: the process that takes requests, and a web server for its `.proto` file.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Container, ContainerPort, Probe, TCPSocketAction};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use krt::manifest::ENTRYPOINT;
use krt::names;

use super::services::{GRPC_PORT, WEB_TARGET};
use super::{Plan, environment, pod, volumes};
use crate::cluster::labels::About;

/// Folder that the web container serves.
const WEB_FOLDER: &str = "/proto";

pub(super) fn deployment(plan: &Plan, root: &OwnerReference) -> Deployment {
    let version = plan.version;
    let image = &version.manifest.entrypoint.image;
    let containers = vec![process(plan), web(plan)];
    let spec = pod::pod(plan, pod::user_of(image), containers, volumes::of_entrypoint(plan));
    pod::deployment(plan, root, names::entrypoint_deployment(&version.name), About::Entrypoint, 1, spec)
}

fn process(plan: &Plan) -> Container {
    let resources = &plan.settings.resources;
    // It accepts requests as soon as its port is open. Three failures in a row take it out of its Service (readiness,
    // every 2 s) and restart it (liveness, every 10 s).
    let probe = Probe {
        tcp_socket: Some(TCPSocketAction { port: IntOrString::Int(GRPC_PORT), host: None }),
        period_seconds: Some(10),
        failure_threshold: Some(3),
        ..Probe::default()
    };
    Container {
        name: ENTRYPOINT.to_owned(),
        image: Some(plan.version.manifest.entrypoint.image.to_string()),
        env: Some(environment::of_entrypoint(plan)),
        ports: Some(vec![port("grpc", GRPC_PORT)]),
        readiness_probe: Some(Probe { period_seconds: Some(2), ..probe.clone() }),
        liveness_probe: Some(Probe { initial_delay_seconds: Some(30), ..probe }),
        resources: Some(pod::resources(&resources.entrypoint_cpu, &resources.entrypoint_memory, None)),
        security_context: Some(pod::restricted()),
        volume_mounts: Some(volumes::mounts_of_entrypoint()),
        ..Container::default()
    }
}

/// Serves the `.proto` file, and nothing else of the package.
fn web(plan: &Plan) -> Container {
    let command = ["httpd", "-f", "-p", "8080", "-h", WEB_FOLDER];
    Container {
        name: "web".to_owned(),
        image: Some(plan.settings.init_image.clone()),
        command: Some(command.map(str::to_owned).into()),
        ports: Some(vec![port("web", WEB_TARGET)]),
        resources: Some(pod::resources("10m", "16Mi", None)),
        security_context: Some(pod::sealed()),
        volume_mounts: Some(vec![volumes::mount_of_proto(&plan.version.manifest.entrypoint.proto, WEB_FOLDER)]),
        ..Container::default()
    }
}

fn port(name: &str, number: i32) -> ContainerPort {
    ContainerPort {
        name: Some(name.to_owned()),
        container_port: number,
        protocol: Some("TCP".to_owned()),
        ..ContainerPort::default()
    }
}
