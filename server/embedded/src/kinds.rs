//! The table of resources this API server supports, with their names, scopes and subresources.

/// Identifies a row of [`KINDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    Namespaces,
    ConfigMaps,
    Secrets,
    Services,
    ServiceAccounts,
    Pods,
    Events,
    Quotas,
    Deployments,
    ReplicaSets,
    EndpointSlices,
    Ingresses,
    NetworkPolicies,
    Leases,
    Roles,
    RoleBindings,
    ClusterRoles,
    ClusterRoleBindings,
}

/// The rule for the names of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameRule {
    /// RFC 1123 label: at most 63 of a-z, 0-9 and `-`.
    Label,
    /// Like [`NameRule::Label`]; before Kubernetes 1.36 the name must begin with a letter.
    ServiceName,
    /// RFC 1123 subdomain: labels joined by dots, at most 253 characters.
    Subdomain,
    /// Any single path segment (roles and their bindings).
    PathSegment,
}

/// The description of a resource for discovery, routing and validation.
#[derive(Debug)]
pub struct Kind {
    pub id: Resource,
    pub group: &'static str,
    pub version: &'static str,
    pub plural: &'static str,
    pub singular: &'static str,
    pub kind: &'static str,
    pub short: &'static [&'static str],
    pub namespaced: bool,
    pub status: bool,
    pub scale: bool,
    /// Whether `kubectl get all` includes the kind.
    pub in_all: bool,
    pub name: NameRule,
}

impl Resource {
    /// The row of this resource.
    pub fn kind(self) -> &'static Kind {
        &KINDS[self as usize]
    }
}

impl Kind {
    /// `v1` or `apps/v1`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_owned() } else { format!("{}/{}", self.group, self.version) }
    }

    /// Supported field selectors besides name and namespace (Kubernetes `pkg/apis/*/v1/conversion.go`).
    pub fn fields(&self) -> &'static [&'static str] {
        match self.id {
            Resource::Namespaces => &["status.phase"],
            Resource::Secrets => &["type"],
            Resource::Services => &["spec.clusterIP", "spec.type"],
            Resource::ReplicaSets => &["status.replicas"],
            Resource::Pods => &[
                "spec.nodeName",
                "spec.restartPolicy",
                "spec.schedulerName",
                "spec.serviceAccountName",
                "spec.hostNetwork",
                "status.phase",
                "status.podIP",
                "status.podIPs",
                "status.nominatedNodeName",
            ],
            Resource::Events => &[
                "involvedObject.kind",
                "involvedObject.namespace",
                "involvedObject.name",
                "involvedObject.uid",
                "involvedObject.apiVersion",
                "involvedObject.resourceVersion",
                "involvedObject.fieldPath",
                "reason",
                "reportingComponent",
                "source",
                "type",
            ],
            _ => &[],
        }
    }

    /// `configmaps` or `deployments.apps`: the name of the resource in messages.
    pub fn qualified(&self) -> String {
        if self.group.is_empty() { self.plural.to_owned() } else { format!("{}.{}", self.plural, self.group) }
    }
}

/// The row for a group, version and plural name.
pub fn find(group: &str, version: &str, plural: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.group == group && kind.version == version && kind.plural == plural)
}

/// The row whose [`Kind::qualified`] name is `name`.
pub fn by_qualified(name: &str) -> Option<&'static Kind> {
    let (plural, group) = name.split_once('.').unwrap_or((name, ""));
    KINDS.iter().find(|kind| kind.plural == plural && kind.group == group)
}

/// Every group and version except the core group, in the order of discovery.
pub const GROUPS: [(&str, &str); 7] = [
    ("apps", "v1"),
    ("coordination.k8s.io", "v1"),
    ("discovery.k8s.io", "v1"),
    ("networking.k8s.io", "v1"),
    ("rbac.authorization.k8s.io", "v1"),
    ("authentication.k8s.io", "v1"),
    ("authorization.k8s.io", "v1"),
];

/// Review kinds, which are answered and never stored: group and kind.
pub const REVIEWS: [(&str, &str); 4] = [
    ("authorization.k8s.io", "SelfSubjectAccessReview"),
    ("authorization.k8s.io", "SelfSubjectRulesReview"),
    ("authorization.k8s.io", "SubjectAccessReview"),
    ("authentication.k8s.io", "SelfSubjectReview"),
];

const RBAC: &str = "rbac.authorization.k8s.io";

/// Every resource, in the order of [`Resource`].
pub static KINDS: [Kind; 18] = {
    use NameRule::{Label, PathSegment, ServiceName, Subdomain};
    use Resource as R;
    [
        row(R::Namespaces, "", "namespaces", "namespace", "Namespace", &["ns"], Label).cluster().with_status(),
        row(R::ConfigMaps, "", "configmaps", "configmap", "ConfigMap", &["cm"], Subdomain),
        row(R::Secrets, "", "secrets", "secret", "Secret", &[], Subdomain),
        row(R::Services, "", "services", "service", "Service", &["svc"], ServiceName).with_status().all(),
        row(R::ServiceAccounts, "", "serviceaccounts", "serviceaccount", "ServiceAccount", &["sa"], Subdomain),
        row(R::Pods, "", "pods", "pod", "Pod", &["po"], Subdomain).with_status().all(),
        row(R::Events, "", "events", "event", "Event", &["ev"], Subdomain),
        row(R::Quotas, "", "resourcequotas", "resourcequota", "ResourceQuota", &["quota"], Subdomain).with_status(),
        row(R::Deployments, "apps", "deployments", "deployment", "Deployment", &["deploy"], Subdomain)
            .with_status()
            .with_scale()
            .all(),
        row(R::ReplicaSets, "apps", "replicasets", "replicaset", "ReplicaSet", &["rs"], Subdomain)
            .with_status()
            .with_scale()
            .all(),
        row(R::EndpointSlices, "discovery.k8s.io", "endpointslices", "endpointslice", "EndpointSlice", &[], Subdomain),
        row(R::Ingresses, "networking.k8s.io", "ingresses", "ingress", "Ingress", &["ing"], Subdomain).with_status(),
        row(
            R::NetworkPolicies,
            "networking.k8s.io",
            "networkpolicies",
            "networkpolicy",
            "NetworkPolicy",
            &["netpol"],
            Subdomain,
        ),
        row(R::Leases, "coordination.k8s.io", "leases", "lease", "Lease", &[], Subdomain),
        row(R::Roles, RBAC, "roles", "role", "Role", &[], PathSegment),
        row(R::RoleBindings, RBAC, "rolebindings", "rolebinding", "RoleBinding", &[], PathSegment),
        row(R::ClusterRoles, RBAC, "clusterroles", "clusterrole", "ClusterRole", &[], PathSegment).cluster(),
        row(
            R::ClusterRoleBindings,
            RBAC,
            "clusterrolebindings",
            "clusterrolebinding",
            "ClusterRoleBinding",
            &[],
            PathSegment,
        )
        .cluster(),
    ]
};

const fn row(
    id: Resource,
    group: &'static str,
    plural: &'static str,
    singular: &'static str,
    kind: &'static str,
    short: &'static [&'static str],
    name: NameRule,
) -> Kind {
    let namespaced = true;
    let (status, scale, in_all) = (false, false, false);
    Kind { id, group, version: "v1", plural, singular, kind, short, namespaced, status, scale, in_all, name }
}

impl Kind {
    const fn cluster(mut self) -> Kind {
        self.namespaced = false;
        self
    }

    const fn with_status(mut self) -> Kind {
        self.status = true;
        self
    }

    const fn with_scale(mut self) -> Kind {
        self.scale = true;
        self
    }

    const fn all(mut self) -> Kind {
        self.in_all = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_resource_finds_its_own_row() {
        for (at, kind) in KINDS.iter().enumerate() {
            assert_eq!(kind.id as usize, at, "{}", kind.plural);
            assert_eq!(kind.id.kind().plural, kind.plural);
            assert_eq!(by_qualified(&kind.qualified()).map(|found| found.id), Some(kind.id));
            assert!(kind.group.is_empty() || GROUPS.contains(&(kind.group, kind.version)), "{}", kind.group);
        }
    }
}
