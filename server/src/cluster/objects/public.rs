//! The Ingress of a runtime: exists while a version is published, and always routes to `active-entrypoint`.

use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule, IngressServiceBackend, IngressSpec,
    IngressTLS, ServiceBackendPort,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use krt::names;

use super::Built;
use crate::cluster::labels;
use crate::cluster::settings;
use crate::state::Runtime;

pub fn ingress(runtime: &Runtime, settings: &settings::Ingress, instance: &str) -> Built {
    let host = settings.host(&runtime.id);
    let backend = IngressBackend {
        service: Some(IngressServiceBackend {
            name: names::ACTIVE_ENTRYPOINT.to_owned(),
            port: Some(ServiceBackendPort { name: Some("grpc".to_owned()), number: None }),
        }),
        resource: None,
    };
    let path = HTTPIngressPath { backend, path: Some("/".to_owned()), path_type: "Prefix".to_owned() };
    let rule = IngressRule { host: Some(host.clone()), http: Some(HTTPIngressRuleValue { paths: vec![path] }) };
    let tls = settings
        .tls_secret(&runtime.id)
        .map(|secret| vec![IngressTLS { hosts: Some(vec![host]), secret_name: Some(secret) }]);
    let annotations = settings.ingress_annotation.iter().cloned().collect();
    let object = Ingress {
        metadata: ObjectMeta {
            name: Some(names::ACTIVE_ENTRYPOINT.to_owned()),
            namespace: Some(runtime.namespace.clone()),
            labels: Some(labels::of_runtime(instance, &runtime.id)),
            annotations: Some(annotations),
            ..ObjectMeta::default()
        },
        spec: Some(IngressSpec {
            ingress_class_name: settings.ingress_class.clone(),
            rules: Some(vec![rule]),
            tls,
            ..IngressSpec::default()
        }),
        status: None,
    };
    Built::new(object)
}
