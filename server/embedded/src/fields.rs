//! Field ownership: sets of fields, merging by list keys, server-side apply, strategic merge patch.
//!
//! Follows <https://kubernetes.io/docs/reference/using-api/server-side-apply/> and the behavior of
//! `sigs.k8s.io/structured-merge-diff`. How lists and maps merge (`x-kubernetes-list-type` and `x-kubernetes-map-type` of
//! the supported kinds) is derived from the names of the field and its parent.

pub use managed::{Manager, apply, updated};
pub use patch::{json_patch, merge_patch, strategic_merge_patch};

mod compare;
mod managed;
mod merge;
mod patch;
mod prune;
mod set;

/// How a list merges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListType {
    /// Replaced as a whole.
    Atomic,
    /// A set: each value at most once.
    Set,
    /// Items are identified by these fields, with the defaults of optional ones.
    Map(&'static [(&'static str, Option<&'static str>)]),
}

/// How the list at `path` (field names only, list items left out) merges.
pub fn list_type(path: &[&str]) -> ListType {
    use ListType::{Atomic, Map, Set};
    let parent = if path.len() >= 2 { path[path.len() - 2] } else { "" };
    match (parent, path.last().copied().unwrap_or_default()) {
        ("metadata", "ownerReferences") => Map(&[("uid", None)]),
        ("metadata", "finalizers") => Set,
        (_, "containers" | "initContainers" | "ephemeralContainers" | "volumes" | "env") => Map(&[("name", None)]),
        ("containers" | "initContainers" | "ephemeralContainers", "ports") => {
            Map(&[("containerPort", None), ("protocol", Some("TCP"))])
        }
        // Of a Service; in an EndpointSlice the list is at the top level and atomic.
        ("spec", "ports") => Map(&[("port", None), ("protocol", Some("TCP"))]),
        (_, "volumeMounts") => Map(&[("mountPath", None)]),
        (_, "volumeDevices") => Map(&[("devicePath", None)]),
        (_, "resizePolicy") => Map(&[("resourceName", None)]),
        ("resources", "claims") => Map(&[("name", None)]),
        ("spec", "imagePullSecrets" | "resourceClaims" | "schedulingGates") => Map(&[("name", None)]),
        (_, "hostAliases") => Map(&[("ip", None)]),
        (_, "topologySpreadConstraints") => Map(&[("topologyKey", None), ("whenUnsatisfiable", None)]),
        ("", "secrets") => Map(&[("name", None)]),
        ("status", "conditions") => Map(&[("type", None)]),
        ("status", "podIPs" | "hostIPs") => Map(&[("ip", None)]),
        _ => Atomic,
    }
}

/// The merge key of the list at `path` in a strategic merge patch; `None` for a list that is replaced. The keys are
/// older than server-side apply and differ for ports.
pub fn strategic_key(path: &[&str]) -> Option<&'static str> {
    match list_type(path) {
        ListType::Map(keys) => keys.first().map(|(key, _)| *key),
        _ => None,
    }
}

/// Whether the map at `path` is owned and replaced as a whole.
pub fn is_atomic_map(path: &[&str]) -> bool {
    matches!(
        path.last().copied().unwrap_or_default(),
        "selector"
            | "labelSelector"
            | "podSelector"
            | "namespaceSelector"
            | "nodeSelector"
            | "fieldRef"
            | "resourceFieldRef"
            | "configMapKeyRef"
            | "secretKeyRef"
            | "roleRef"
            | "scopeSelector"
    ) && path.first() != Some(&"data")
        && path.len() > 1
        || matches!(path, ["roleRef"])
}
