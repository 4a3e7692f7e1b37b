//! Deployments and ReplicaSets: selector, template, counts.

use serde_json::Value;

use super::{metadata, pods};
use crate::selectors::LabelSelector;
use crate::status::Cause;

pub fn check(object: &Value) -> Vec<Cause> {
    let spec = &object["spec"];
    let mut causes = Vec::new();
    for field in ["replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"] {
        if spec[field].as_i64().is_some_and(|number| number < 0) {
            let why = "must be greater than or equal to 0";
            causes.push(Cause::invalid(format!("spec.{field}"), &spec[field], why));
        }
    }
    let (ready, deadline) = (spec["minReadySeconds"].as_i64().unwrap_or(0), spec["progressDeadlineSeconds"].as_i64());
    if deadline.is_some_and(|deadline| deadline <= ready) {
        let why = "must be greater than minReadySeconds";
        causes.push(Cause::invalid("spec.progressDeadlineSeconds", &spec["progressDeadlineSeconds"], why));
    }
    let selector = LabelSelector::from_object(&spec["selector"]);
    if spec["selector"].is_null() {
        causes.push(Cause::required("spec.selector", ""));
    } else if selector.is_empty() {
        let why = "empty selector is invalid for deployment";
        causes.push(Cause::invalid("spec.selector", &spec["selector"], why));
    }
    causes.extend(metadata::labels("spec.selector.matchLabels", &spec["selector"]["matchLabels"]));
    let labels = &spec["template"]["metadata"]["labels"];
    if !selector.is_empty() && !selector.matches(labels.as_object()) {
        let why = "`selector` does not match template `labels`";
        causes.push(Cause::invalid("spec.template.metadata.labels", labels, why));
    }
    causes.extend(metadata::labels("spec.template.labels", labels));
    let policy = &spec["template"]["spec"]["restartPolicy"];
    if policy.is_string() && policy != "Always" {
        causes.push(Cause::unsupported("spec.template.spec.restartPolicy", policy, &["Always"]));
    }
    causes.extend(pods::spec("spec.template.spec", &spec["template"]["spec"]));
    causes
}

pub fn unchanged(old: &Value, new: &Value) -> Vec<Cause> {
    if old["spec"]["selector"] == new["spec"]["selector"] {
        return Vec::new();
    }
    vec![Cause::invalid("spec.selector", &new["spec"]["selector"], "field is immutable")]
}
