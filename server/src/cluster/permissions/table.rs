//! The permissions that the console needs, and the consequence of each missing one.

/// One permission: verbs on a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cluster) struct Right {
    pub(super) verbs: &'static [&'static str],
    pub(super) group: &'static str,
    /// With its subresource, as in `pods/log`.
    pub(super) resource: &'static str,
    /// The only object that it applies to; empty: all.
    pub(super) name: &'static str,
    /// The consequence when it is missing, as a clause.
    pub(super) so: &'static str,
}

const fn right(verbs: &'static [&'static str], group: &'static str, resource: &'static str, so: &'static str) -> Right {
    Right { verbs, group, resource, name: "", so }
}

const NOTHING: &str = "the console cannot see what is running and takes no action";
const NO_START: &str = "versions cannot be started or stopped";
const NO_PUBLISH: &str = "versions cannot be published or unpublished";
const RBAC: &str = "rbac.authorization.k8s.io";

/// Creating the namespace of a runtime. Without it, namespaces have to be prepared.
pub(in crate::cluster) const MAKE_NAMESPACE: Right = right(&["create"], "", "namespaces", "");

/// Taking the Lease of a runtime: a process that may do this in a namespace has the role there.
pub(in crate::cluster) const WRITE_IN_NAMESPACE: Right = right(&["create"], "coordination.k8s.io", "leases", "");

/// On the namespaces themselves.
pub(super) const NAMESPACES: [Right; 1] = [right(&["get", "list", "watch"], "", "namespaces", NOTHING)];

/// Binding the role in a namespace that the console created. Not needed where namespaces are prepared.
pub(super) const BINDING: [Right; 2] = [
    right(&["get", "create", "patch"], RBAC, "rolebindings", "no version of a new runtime can be started"),
    Right {
        verbs: &["bind"],
        group: RBAC,
        resource: "clusterroles",
        name: super::RUNTIME_ROLE,
        so: "no version of a new runtime can be started",
    },
];

/// In the namespace of each runtime, or everywhere.
pub(super) const INSIDE: [Right; 12] = [
    right(&["list", "watch"], "", "configmaps", NOTHING),
    right(&["list", "watch"], "", "secrets", NOTHING),
    right(&["list", "watch"], "", "services", NOTHING),
    right(&["list", "watch"], "", "pods", NOTHING),
    right(&["list", "watch"], "apps", "deployments", NOTHING),
    right(&["list", "watch"], "discovery.k8s.io", "endpointslices", NOTHING),
    right(&["list", "watch"], "networking.k8s.io", "ingresses", NOTHING),
    right(&["list", "watch"], "", "events", "failures are shown without the cluster's messages"),
    right(&["list"], "apps", "replicasets", "stopping a version never completes"),
    right(&["get"], "", "pods/log", "logs are not available"),
    right(&["list", "watch"], "coordination.k8s.io", "leases", "a takeover from another process may take longer"),
    right(&["get", "create", "update"], "coordination.k8s.io", "leases", NO_START),
];

/// In the namespace of each runtime, or everywhere.
pub(super) const WRITING: [Right; 5] = [
    right(&["create", "patch", "delete"], "", "configmaps", NO_START),
    right(&["create", "patch", "delete"], "", "secrets", NO_START),
    right(&["create", "patch", "delete"], "apps", "deployments", NO_START),
    right(&["get", "create", "patch", "delete"], "", "services", NO_START),
    right(&["get", "create", "patch", "delete"], "networking.k8s.io", "ingresses", NO_PUBLISH),
];

impl Right {
    /// As in `bind clusterroles.rbac.authorization.k8s.io krt-console-runtime`.
    pub(super) fn words(&self, verb: &str) -> String {
        let group = if self.group.is_empty() { String::new() } else { format!(".{}", self.group) };
        let name = if self.name.is_empty() { String::new() } else { format!(" {}", self.name) };
        format!("{verb} {}{group}{name}", self.resource)
    }
}
