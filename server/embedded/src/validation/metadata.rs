//! Metadata of all kinds: name, labels, annotations, owners, finalizers.

use serde_json::Value;

use super::items;
use crate::kinds::{Kind, NameRule};
use crate::status::Cause;
use crate::{meta, names};

/// Maximum total size of the annotations of an object: 256 KiB.
const MOST_ANNOTATIONS: usize = 256 * 1024;

pub fn check(kind: &Kind, object: &Value, minor: u32) -> Vec<Cause> {
    let mut causes = Vec::new();
    let name = meta::name(object);
    if name.is_empty() {
        causes.push(Cause::required("metadata.name", "name or generateName is required"));
    } else if let Some(why) = name_problem(kind.name, name, minor) {
        causes.push(Cause::invalid("metadata.name", &name.into(), &why));
    }
    causes.extend(labels("metadata.labels", &object["metadata"]["labels"]));
    causes.extend(annotations(&object["metadata"]["annotations"]));
    causes.extend(owners(object));
    for finalizer in meta::finalizers(object) {
        if let Some(why) = names::qualified(finalizer) {
            causes.push(Cause::invalid("metadata.finalizers", &finalizer.into(), &why));
        }
    }
    causes
}

fn name_problem(rule: NameRule, name: &str, minor: u32) -> Option<String> {
    match rule {
        NameRule::Label => names::label(name),
        NameRule::ServiceName => names::service(name, minor),
        NameRule::Subdomain => names::subdomain(name),
        NameRule::PathSegment => names::path_segment(name),
    }
}

/// Labels at any path.
pub fn labels(path: &str, labels: &Value) -> Vec<Cause> {
    let mut causes = Vec::new();
    for (key, value) in labels.as_object().into_iter().flatten() {
        if let Some(why) = names::qualified(key) {
            causes.push(Cause::invalid(path, &key.as_str().into(), &why));
        }
        if let Some(why) = value.as_str().and_then(names::label_value) {
            causes.push(Cause::invalid(path, value, &why));
        }
    }
    causes
}

/// A label selector with `matchLabels`, at any path.
pub fn selector(path: &str, selector: &Value) -> Vec<Cause> {
    labels(&format!("{path}.matchLabels"), &selector["matchLabels"])
}

fn annotations(annotations: &Value) -> Vec<Cause> {
    let mut causes = Vec::new();
    let mut size = 0;
    for (key, value) in annotations.as_object().into_iter().flatten() {
        size += key.len() + value.as_str().map_or(0, str::len);
        if let Some(why) = names::qualified(&key.to_lowercase()) {
            causes.push(Cause::invalid("metadata.annotations", &key.as_str().into(), &why));
        }
    }
    if size > MOST_ANNOTATIONS {
        causes.push(Cause::too_long("metadata.annotations", MOST_ANNOTATIONS));
    }
    causes
}

fn owners(object: &Value) -> Vec<Cause> {
    let mut causes = Vec::new();
    for (path, owner) in items("metadata.ownerReferences", &object["metadata"]["ownerReferences"]) {
        for field in ["apiVersion", "kind", "name", "uid"] {
            if owner[field].as_str().is_none_or(str::is_empty) {
                let missing = owner[field].as_str().unwrap_or_default();
                causes.push(Cause::invalid(format!("{path}.{field}"), &missing.into(), "must not be empty"));
            }
        }
    }
    if meta::owners(object).iter().filter(|owner| owner["controller"] == true).count() > 1 {
        let why = "Only one reference can have Controller set to true";
        causes.push(Cause::invalid("metadata.ownerReferences", &object["metadata"]["ownerReferences"], why));
    }
    causes
}

/// Checks the immutable metadata.
pub fn unchanged(old: &Value, new: &Value) -> Vec<Cause> {
    let mut causes = Vec::new();
    if meta::is_deleting(old) {
        for finalizer in meta::finalizers(new).filter(|one| !meta::finalizers(old).any(|old| old == *one)) {
            let why = format!(
                "no new finalizers can be added if the object is being deleted, found new finalizers []string{{\"{finalizer}\"}}"
            );
            causes.push(Cause::forbidden("metadata.finalizers", &why));
        }
    }
    causes
}
