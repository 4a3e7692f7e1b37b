//! Request paths and what they address.

use crate::kinds::{self, Kind};
use crate::status::ApiError;
use crate::store::Key;

/// A collection, an object, or a subresource.
#[derive(Clone, Debug)]
pub struct Target {
    pub kind: &'static Kind,
    /// `None`: all namespaces, or a cluster-wide kind.
    pub namespace: Option<String>,
    pub name: Option<String>,
    /// Empty for the object itself.
    pub subresource: String,
}

/// The segments of a path, decoded.
pub fn segments(path: &str) -> Vec<String> {
    path.split('/').filter(|part| !part.is_empty()).map(decode).collect()
}

impl Target {
    /// Parses `/api/v1/…` and `/apis/<group>/<version>/…`.
    ///
    /// # Errors
    /// 404 when this server does not serve the path.
    pub fn parse(path: &str) -> Result<Target, ApiError> {
        let parts = segments(path);
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let (group, version, rest) = match parts.as_slice() {
            ["api", version, rest @ ..] => ("", *version, rest),
            ["apis", group, version, rest @ ..] => (*group, *version, rest),
            _ => return Err(ApiError::no_such_resource()),
        };
        let (namespace, rest) = match rest {
            // Subresources of namespaces look like resources inside the namespace.
            ["namespaces", _, "status" | "finalize"] => (None, rest),
            ["namespaces", namespace, inner @ ..] if !inner.is_empty() => (Some((*namespace).to_owned()), inner),
            _ => (None, rest),
        };
        let (plural, name, subresource) = match rest {
            [plural] => (*plural, None, ""),
            [plural, name] => (*plural, Some(*name), ""),
            [plural, name, subresource] => (*plural, Some(*name), *subresource),
            _ => return Err(ApiError::no_such_resource()),
        };
        let kind = kinds::find(group, version, plural).ok_or_else(ApiError::no_such_resource)?;
        let misplaced = (name.is_some() || namespace.is_some()) && kind.namespaced != namespace.is_some();
        if misplaced || !has_part(kind, subresource) {
            return Err(ApiError::no_such_resource());
        }
        Ok(Target { kind, namespace, name: name.map(str::to_owned), subresource: subresource.to_owned() })
    }

    /// The key of the object.
    pub fn key(&self) -> Key {
        let namespace = self.namespace.as_deref().unwrap_or_default();
        Key::new(self.kind.id, namespace, self.name.as_deref().unwrap_or_default())
    }
}

fn has_part(kind: &Kind, subresource: &str) -> bool {
    match subresource {
        "" => true,
        "status" => kind.status,
        "scale" => kind.scale,
        "log" | "eviction" => kind.plural == "pods",
        "finalize" => kind.plural == "namespaces",
        _ => false,
    }
}

fn decode(part: &str) -> String {
    let bytes = part.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%').then(|| part.get(at + 1..at + 3)).flatten();
        match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str) -> Option<(&'static str, Option<String>, Option<String>, String)> {
        Target::parse(path).ok().map(|found| (found.kind.plural, found.namespace, found.name, found.subresource))
    }

    #[test]
    fn paths_address_collections_objects_and_subresources() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(check("/api/v1/pods"), Some(("pods", None, None, String::new())));
        assert_eq!(check("/api/v1/namespaces/a"), Some(("namespaces", None, some("a"), String::new())));
        assert_eq!(check("/api/v1/namespaces/a/status"), Some(("namespaces", None, some("a"), "status".into())));
        assert_eq!(check("/api/v1/namespaces/a/pods/b/log"), Some(("pods", some("a"), some("b"), "log".into())));
        assert_eq!(
            check("/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Ax"),
            Some(("clusterroles", None, some("system:x"), String::new()))
        );
        for path in
            ["/apis/apps/v1/pods", "/api/v2/pods", "/api/v1/pods/a", "/api/v1/namespaces/a/configmaps/b/status", "/"]
        {
            assert_eq!(check(path), None, "{path}");
        }
    }
}
