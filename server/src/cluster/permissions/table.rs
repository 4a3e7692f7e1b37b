//! The permissions that the console needs, one verb each, from the rules in the table of kinds.

use k8s_openapi::Resource;
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::Namespace;

use crate::cluster::kinds::{Granted, KINDS};

/// One verb on a resource.
#[derive(Clone, Copy, Debug)]
pub(in crate::cluster) struct Permission {
    pub(super) verb: &'static str,
    pub(super) group: &'static str,
    pub(super) resource: &'static str,
    /// As in `log`; empty: the resource itself.
    pub(super) subresource: &'static str,
    /// The only object that it applies to; empty: all.
    pub(super) name: &'static str,
    /// The consequence when it is missing, as a clause.
    pub(super) consequence: &'static str,
}

/// Creating the namespace of a runtime. Without it, namespaces have to be prepared.
pub(in crate::cluster) const MAKE_NAMESPACE: Permission = create::<Namespace>();

/// Taking the Lease of a runtime: a process that may do this in a namespace has the role there.
pub(in crate::cluster) const WRITE_IN_NAMESPACE: Permission = create::<Lease>();

const fn create<K: Resource>() -> Permission {
    let (group, resource) = (K::GROUP, K::URL_PATH_SEGMENT);
    Permission { verb: "create", group, resource, subresource: "", name: "", consequence: "" }
}

/// All permissions that one role grants.
pub(super) fn permissions(granted: Granted) -> impl Iterator<Item = Permission> {
    let rules = KINDS.iter().flat_map(|kind| kind.rules.iter().map(move |rule| (kind, rule)));
    rules.filter(move |(_, rule)| rule.granted == granted).flat_map(|(kind, rule)| {
        rule.verbs.iter().map(move |verb| Permission {
            verb,
            group: kind.group,
            resource: kind.plural,
            subresource: rule.subresource,
            name: rule.name,
            consequence: rule.consequence,
        })
    })
}

/// As in `bind clusterroles.rbac.authorization.k8s.io krt-console-runtime`.
impl std::fmt::Display for Permission {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{} {}", self.verb, self.resource)?;
        for (separator, text) in [('/', self.subresource), ('.', self.group), (' ', self.name)] {
            if !text.is_empty() {
                write!(to, "{separator}{text}")?;
            }
        }
        Ok(())
    }
}
