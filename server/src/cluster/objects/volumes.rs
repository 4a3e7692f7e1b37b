//! The volumes of a pod and where they are mounted.

use k8s_openapi::api::core::v1::{
    ConfigMapVolumeSource, EmptyDirVolumeSource, KeyToPath, SecretVolumeSource, Volume, VolumeMount,
};
use krt::names;

use super::{Plan, configuration};

/// Where the package is unpacked, `KRT_BASE_PATH`.
pub(super) const PACKAGE_PATH: &str = "/krt-files";
/// Where the runners write their log files.
const LOG_PATH: &str = "/var/log/app";
/// Where the configuration files are mounted, read-only.
const FILES_PATH: &str = "/config";
/// Where `nats_subject.json` is mounted.
pub(super) const SUBJECTS_PATH: &str = "/src/conf";
/// Where the init container finds the token.
pub(super) const TOKEN_PATH: &str = "/run/krt-console";

const PACKAGE: &str = "krt-files";
const LOG: &str = "app-log";
const FILES: &str = "configuration-files";
const SUBJECTS: &str = "nats-subjects";
const TOKEN: &str = "package-token";

/// Volumes of a node's pod.
pub(super) fn of_node(plan: &Plan) -> Vec<Volume> {
    let mut all = of_every_pod(plan);
    if has_files(plan) {
        all.push(secret(FILES, plan, configuration::file_items(plan)));
    }
    all
}

/// Volumes of the entrypoint's pod.
pub(super) fn of_entrypoint(plan: &Plan) -> Vec<Volume> {
    let mut all = of_every_pod(plan);
    let subjects = ConfigMapVolumeSource {
        name: names::subjects_config_map(&plan.version.name),
        ..ConfigMapVolumeSource::default()
    };
    all.push(Volume { name: SUBJECTS.to_owned(), config_map: Some(subjects), ..Volume::default() });
    all
}

/// Mounts of the init container.
pub(super) fn mounts_of_init() -> Vec<VolumeMount> {
    vec![mount(PACKAGE, PACKAGE_PATH), read_only(TOKEN, TOKEN_PATH)]
}

/// Mounts of a node's container.
pub(super) fn mounts_of_node(plan: &Plan) -> Vec<VolumeMount> {
    let mut all = vec![mount(PACKAGE, PACKAGE_PATH), mount(LOG, LOG_PATH)];
    if has_files(plan) {
        all.push(read_only(FILES, FILES_PATH));
    }
    all
}

/// Mounts of the entrypoint's container.
pub(super) fn mounts_of_entrypoint() -> Vec<VolumeMount> {
    vec![mount(PACKAGE, PACKAGE_PATH), mount(LOG, LOG_PATH), read_only(SUBJECTS, SUBJECTS_PATH)]
}

/// The mount of the web container: only the `.proto` file of the package.
pub(super) fn mount_of_proto(proto: &str, folder: &str) -> VolumeMount {
    let name = proto.rsplit('/').next().unwrap_or(proto);
    let proto = proto.trim_start_matches("./").to_owned();
    VolumeMount { sub_path: Some(proto), ..read_only(PACKAGE, &format!("{folder}/{name}")) }
}

fn of_every_pod(plan: &Plan) -> Vec<Volume> {
    let token = KeyToPath { key: configuration::TOKEN.to_owned(), path: configuration::TOKEN.to_owned(), mode: None };
    vec![empty(PACKAGE), empty(LOG), secret(TOKEN, plan, vec![token])]
}

fn has_files(plan: &Plan) -> bool {
    !plan.version.manifest.config.files.is_empty()
}

fn empty(name: &str) -> Volume {
    Volume { name: name.to_owned(), empty_dir: Some(EmptyDirVolumeSource::default()), ..Volume::default() }
}

fn secret(name: &str, plan: &Plan, items: Vec<KeyToPath>) -> Volume {
    let source = SecretVolumeSource {
        secret_name: Some(names::files_secret(&plan.version.name)),
        items: Some(items),
        ..SecretVolumeSource::default()
    };
    Volume { name: name.to_owned(), secret: Some(source), ..Volume::default() }
}

fn mount(name: &str, path: &str) -> VolumeMount {
    VolumeMount { name: name.to_owned(), mount_path: path.to_owned(), ..VolumeMount::default() }
}

fn read_only(name: &str, path: &str) -> VolumeMount {
    VolumeMount { read_only: Some(true), ..mount(name, path) }
}
