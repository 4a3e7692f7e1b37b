//! The environment that the runner images of KRE 8.2 read.

use k8s_openapi::api::core::v1::EnvVar;
use krt::manifest::{ENTRYPOINT, Node, Workflow};
use krt::names;

use super::{Plan, stores, subjects, volumes};

/// Environment of the entrypoint.
pub(super) fn of_entrypoint(plan: &Plan) -> Vec<EnvVar> {
    let mut all = of_every_process(plan, ENTRYPOINT, ENTRYPOINT);
    all.push(variable("KRT_NATS_SUBJECTS_FILE", format!("{}/{}", volumes::SUBJECTS_PATH, subjects::FILE)));
    // Whole seconds.
    all.push(variable("KRT_REQUEST_TIMEOUT", plan.settings.stores.request_timeout.as_secs().max(1).to_string()));
    all
}

/// Environment of a node, besides its configuration.
pub(super) fn of_node(plan: &Plan, workflow: &Workflow, node: &Node) -> Vec<EnvVar> {
    let (runtime, version) = (&plan.runtime.id, &plan.version.name);
    let stream = names::stream(runtime, version, &workflow.entrypoint);
    let is_exitpoint = node.name == workflow.exitpoint;
    let mut all = of_every_process(plan, &workflow.name, &node.name);
    all.extend([
        variable("KRT_HANDLER_PATH", &node.src),
        variable("KRT_NATS_STREAM", &stream),
        variable("KRT_NATS_OUTPUT", names::subject(&stream, &node.name)),
        variable("KRT_NATS_INPUTS", names::input_subjects(&stream, node)),
        variable("KRT_IS_EXITPOINT", is_exitpoint.to_string()),
        variable("KRT_NATS_KEY_VALUE_STORE_PROJECT", names::key_value_store_of_version(runtime, version)),
        variable(
            "KRT_NATS_KEY_VALUE_STORE_WORKFLOW",
            names::key_value_store_of_workflow(runtime, version, &workflow.name),
        ),
        variable(
            "KRT_NATS_KEY_VALUE_STORE_NODE",
            names::key_value_store_of_node(runtime, version, &workflow.name, &node.name),
        ),
        variable("KRT_NATS_MONGO_WRITER", "mongo_writer"),
    ]);
    if let Some(store) = &node.object_store {
        let name = names::object_store(runtime, version, &workflow.name, store);
        all.push(variable("KRT_NATS_OBJECT_STORE", name));
    }
    all
}

fn of_every_process(plan: &Plan, workflow: &str, node: &str) -> Vec<EnvVar> {
    let settings = &plan.settings.stores;
    vec![
        variable("KRT_RUNTIME_ID", &plan.runtime.id),
        variable("KRT_VERSION_ID", &plan.version.uid),
        variable("KRT_VERSION", &plan.version.name),
        variable("KRT_NODE_ID", node),
        variable("KRT_NODE_NAME", node),
        variable("KRT_WORKFLOW_ID", workflow),
        variable("KRT_WORKFLOW_NAME", workflow),
        variable("KRT_BASE_PATH", volumes::PACKAGE_PATH),
        stores::variable(plan, "KRT_NATS_SERVER"),
        stores::variable(plan, "KRT_INFLUX_URI"),
        stores::variable(plan, "KRT_MONGO_URI"),
        variable("KRT_MONGO_DB_NAME", &settings.mongo_db_name),
        variable("KRT_MONGO_BUCKET", &plan.runtime.id),
        // Milliseconds.
        variable("KRT_JS_REQUEST_TIMEOUT", settings.request_timeout.as_millis().to_string()),
    ]
}

pub(super) fn variable(name: &str, value: impl Into<String>) -> EnvVar {
    EnvVar { name: name.to_owned(), value: Some(value.into()), value_from: None }
}
