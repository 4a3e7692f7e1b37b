//! `nats_subject.json`: where the entrypoint sends the requests of each gRPC method and where it reads the responses.

use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use krt::names;
use serde_json::{Map, Value, json};

use super::{Plan, metadata};
use crate::cluster::labels::About;

/// Name of the file, whose path the entrypoint reads from an environment variable.
pub(super) const FILE: &str = "nats_subject.json";

pub(super) fn config_map(plan: &Plan, root: &OwnerReference) -> ConfigMap {
    ConfigMap {
        metadata: metadata(plan, names::subjects_config_map(&plan.version.name), About::Version, Some(root)),
        data: Some([(FILE.to_owned(), subjects(plan))].into()),
        ..ConfigMap::default()
    }
}

/// One entry per workflow, by its gRPC method. The entrypoint reads the exitpoint's subject, which the file calls
/// `input_subject`, and writes to its own, `output_subject`.
fn subjects(plan: &Plan) -> String {
    let workflows = plan.version.manifest.workflows.iter().map(|workflow| {
        let stream = names::stream(&plan.runtime.id, &plan.version.name, &workflow.entrypoint);
        let subjects = json!({
            "stream": stream,
            "input_subject": names::subject(&stream, &workflow.exitpoint),
            "output_subject": names::entrypoint_subject(&stream),
        });
        (workflow.entrypoint.to_string(), subjects)
    });
    let all: Map<String, Value> = workflows.collect();
    Value::Object(all).to_string()
}
