//! Every Kubernetes and broker name derived from a runtime, a version, a workflow and a node: defined once, so that the
//! code that creates an object and the code that looks it up cannot disagree.

mod kubernetes;
pub use kubernetes::{
    ACTIVE_ENTRYPOINT, address_inside, default_namespace, deployment, entrypoint_deployment, files_secret,
    ingress_host, root_config_map, secret, service, stores_secret, subjects_config_map, version_label,
};

mod broker;
pub use broker::{
    entrypoint_subject, input_subjects, key_value_store_of_node, key_value_store_of_version,
    key_value_store_of_workflow, object_store, stream, stream_subjects, subject, subscribed_subject,
};
