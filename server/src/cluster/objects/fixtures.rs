//! Versions that tests build objects from.

use std::sync::Arc;

use app::model::{ConfigurationKind, PackageInfo, Timestamp};
use krt::check::{Analysis, Options, analyze};
use krt::lifecycle::{Desired, Recorded};
use krt::manifest::Manifest;

use super::Plan;
use crate::cluster::ClusterSettings;
use crate::state::{ConfigurationValue, Runtime, Version};

pub(crate) const GREETER: &str = "\
version: greeter-v1
description: Version for testing.
entrypoint:
  proto: public_input.proto
  image: konstellation/kre-runtime-entrypoint:latest
nodes:
  - name: greeter
    image: konstellation/kre-py:latest
    src: src/greeter/main.py
workflows:
  - name: greeting
    entrypoint: Greet
    sequential: [greeter]
  - name: saluting
    entrypoint: Salute
    sequential: [greeter]
";

pub(crate) const CLASSIFICATOR: &str = "\
version: classificator-v1
krtVersion: v2
description: Email classificator for branching features.
entrypoint:
  proto: public_input.proto
  image: konstellation/kre-entrypoint:latest
config:
  variables: [EARLY_REPLY_ENABLED, WEBHOOK_URL]
  files: [RULES]
workflows:
  - name: classificator
    entrypoint: Classificator
    exitpoint: exitpoint
    nodes:
      - name: etl
        image: konstellation/kre-py:latest
        src: src/etl/main.py
        subscriptions: [entrypoint]
      - name: email-classificator
        image: konstellation/kre-py:latest
        src: src/email_classificator/main.py
        gpu: true
        replicas: 2
        subscriptions: [etl]
        objectStore: {name: emails, scope: workflow}
      - name: repairs-handler
        image: konstellation/kre-go:latest
        src: bin/repairs_handler
        subscriptions: [email-classificator.repairs]
      - name: exitpoint
        image: konstellation/kre-go:latest
        src: bin/exitpoint
        subscriptions: [etl, repairs-handler]
";

pub(crate) fn manifest(text: &str) -> Manifest {
    let Analysis { manifest, diagnostics, .. } = analyze(text, Options::default());
    manifest.unwrap_or_else(|| panic!("{diagnostics:?}"))
}

pub(crate) fn runtime() -> Runtime {
    Runtime {
        id: "demo".to_owned(),
        name: "Demo".to_owned(),
        description: String::new(),
        namespace: "kre-demo".to_owned(),
        created_at: Timestamp(0),
        created_by: "ada".to_owned(),
        published: None,
        published_name: None,
        publishing: None,
        publishing_name: None,
    }
}

pub(crate) fn version(text: &str) -> Version {
    let manifest = manifest(text);
    Version {
        uid: format!("uid-of-{}", manifest.version),
        runtime: "demo".to_owned(),
        name: manifest.version.to_string(),
        desired: Desired::Started,
        recorded: Recorded::Partial,
        since: Timestamp(0),
        since_by: "ada".to_owned(),
        deadline: None,
        failure: None,
        missing_configuration: Vec::new(),
        manifest: Arc::new(manifest),
        package: PackageInfo { sha256: "0".repeat(64), size: 1, unpacked: 1, members: 1, file: "p.krt".to_owned() },
        created_at: Timestamp(0),
        created_by: "ada".to_owned(),
    }
}

pub(crate) fn values(version: &Version) -> Vec<ConfigurationValue> {
    let value =
        |kind, name: &str| ConfigurationValue { name: name.to_owned(), kind, value: format!("value of {name}") };
    let config = &version.manifest.config;
    let variables = config.variables.iter().map(|name| value(ConfigurationKind::Variable, name));
    variables.chain(config.files.iter().map(|name| value(ConfigurationKind::File, name))).collect()
}

pub(crate) fn with_plan<T>(text: &str, work: impl FnOnce(&Plan) -> T) -> T {
    let (runtime, version, settings) = (runtime(), version(text), ClusterSettings::default());
    let values = values(&version);
    work(&Plan {
        runtime: &runtime,
        version: &version,
        values: &values,
        settings: &settings,
        instance: "a1b2c3d4e5f6",
        package_token: "token",
    })
}
