//! How lists and maps merge: the `x-kubernetes-list-type` and `x-kubernetes-map-type` of the kinds this server knows,
//! by the name of the field and what it stands in.

/// How a list merges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListType {
    /// Replaced as a whole.
    Atomic,
    /// Each value at most once.
    Set,
    /// Items are told apart by these fields, with the default of a field that may be left out.
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
        // Of a Service; in an EndpointSlice the list stands at the top and is atomic.
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

/// How `kubectl`'s strategic merge patch merges the list at `path`: one merge key, or not at all. The keys are older
/// than server-side apply and differ for ports.
pub fn strategic_key(path: &[&str]) -> Option<&'static str> {
    match list_type(path) {
        ListType::Map(keys) => keys.first().map(|(key, _)| *key),
        _ => None,
    }
}

/// Is the map at `path` owned and replaced as a whole?
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
