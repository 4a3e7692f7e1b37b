//! The labels of everything we write. Listing and pruning use only our own three labels, never the documented ones.

use std::collections::BTreeMap;

use krt::manifest::ENTRYPOINT;
use krt::names;

/// ID of the store of the console that wrote an object; objects of another one are never written or deleted.
pub const INSTANCE: &str = "krt-console.io/instance";
/// ID of the runtime that an object belongs to.
pub const RUNTIME: &str = "krt-console.io/runtime";
/// Uid of the version that an object belongs to; absent on what belongs to the runtime (its Namespace,
/// `active-entrypoint`, its Ingress), which is never pruned with a version.
pub const VERSION_UID: &str = "krt-console.io/version-uid";

/// Annotation: hash of what was applied, so that an unchanged object is not written again.
pub const APPLIED: &str = "krt-console.io/applied";
/// Annotation of the root ConfigMap and of the pods: SHA-256 of the package that was unpacked.
pub const PACKAGE: &str = "krt-console.io/package-sha256";
/// Annotation of the pods: a checksum of the Secret with the addresses of broker and stores, so that a change of them
/// replaces the pods.
pub const STORES: &str = "krt-console.io/stores";

/// The documented labels.
pub const TYPE: &str = "type";
pub const VERSION_NAME: &str = "version-name";
pub const WORKFLOW_NAME: &str = "workflow-name";
pub const NODE_NAME: &str = "node-name";

/// Value of `app.kubernetes.io/managed-by`, and the field manager of every write.
pub const MANAGER: &str = "krt-console";

pub type Labels = BTreeMap<String, String>;

/// What an object is about, for the documented `type` label.
#[derive(Clone, Copy, Debug)]
pub enum About<'a> {
    /// The version as a whole.
    Version,
    Entrypoint,
    Node {
        workflow: &'a str,
        node: &'a str,
    },
}

/// Labels of what belongs to a runtime and outlives its versions.
pub fn of_runtime(instance: &str, runtime: &str) -> Labels {
    labels([
        (INSTANCE, instance),
        (RUNTIME, runtime),
        ("app.kubernetes.io/managed-by", MANAGER),
        ("app.kubernetes.io/part-of", runtime),
    ])
}

/// Labels of what belongs to a version.
pub fn of_version(instance: &str, runtime: &str, uid: &str, version: &str, about: About) -> Labels {
    let mut all = of_runtime(instance, runtime);
    all.extend(labels([(VERSION_UID, uid), ("app.kubernetes.io/version", version)]));
    all.extend(documented(version, about));
    all
}

/// The documented labels of an object.
pub fn documented(version: &str, about: About) -> Labels {
    match about {
        About::Version => labels([
            (TYPE, "version"),
            (VERSION_NAME, version),
            ("app.kubernetes.io/name", version),
            ("app.kubernetes.io/component", "version"),
        ]),
        About::Entrypoint => {
            let mut all = entrypoint_selector(version);
            all.extend(labels([("app.kubernetes.io/name", ENTRYPOINT), ("app.kubernetes.io/component", ENTRYPOINT)]));
            all
        }
        About::Node { workflow, node } => labels([
            (TYPE, "node"),
            (VERSION_NAME, version),
            (WORKFLOW_NAME, workflow),
            (NODE_NAME, node),
            ("app.kubernetes.io/name", node),
            ("app.kubernetes.io/component", "node"),
        ]),
    }
}

/// The documented selector of the entrypoint's Service, exactly.
pub fn entrypoint_selector(version: &str) -> Labels {
    labels([(TYPE, ENTRYPOINT), (VERSION_NAME, &names::version_label(version))])
}

/// The process that these labels name: workflow and node, both `entrypoint` for the entrypoint.
pub fn process(labels: &Labels) -> Option<(&str, &str)> {
    match labels.get(TYPE).map(String::as_str) {
        Some(ENTRYPOINT) => Some((ENTRYPOINT, ENTRYPOINT)),
        Some("node") => Some((labels.get(WORKFLOW_NAME)?, labels.get(NODE_NAME)?)),
        _ => None,
    }
}

/// The selector of everything this console wrote for a runtime, or for one of its versions.
pub fn selector(instance: &str, runtime: &str, version_uid: Option<&str>) -> String {
    let runtime = format!("{INSTANCE}={instance},{RUNTIME}={runtime}");
    match version_uid {
        Some(uid) => format!("{runtime},{VERSION_UID}={uid}"),
        None => runtime,
    }
}

fn labels<const N: usize>(pairs: [(&str, &str); N]) -> Labels {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}
