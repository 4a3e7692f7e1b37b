//! The configuration of a version: one Secret whose every key becomes an environment variable, and one with its files
//! and the token that fetches the package.

use std::collections::BTreeMap;

use app::model::ConfigurationKind;
use k8s_openapi::api::core::v1::{KeyToPath, Secret};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use krt::names;

use super::{Plan, metadata};
use crate::cluster::labels::About;

/// Key of the token in the Secret of files.
pub(super) const TOKEN: &str = "package-token";

/// The declared variables, for `envFrom`.
pub(super) fn variables(plan: &Plan, root: &OwnerReference) -> Secret {
    let declared = &plan.version.manifest.config.variables;
    let values = plan.values.iter().filter(|value| value.kind == ConfigurationKind::Variable);
    let data = values
        .filter(|value| declared.iter().any(|name| *name == *value.name))
        .map(|value| (value.name.clone(), value.value.clone()));
    Secret {
        metadata: metadata(plan, names::secret(&plan.version.name), About::Version, Some(root)),
        data: Some(encode(data)),
        type_: Some("Opaque".to_owned()),
        ..Secret::default()
    }
}

/// The declared files and the token.
pub(super) fn files(plan: &Plan, root: &OwnerReference) -> Secret {
    let files = declared_files(plan).map(|(key, _, content)| (key, content.to_owned()));
    let data = files.chain([(TOKEN.to_owned(), plan.package_token.to_owned())]);
    Secret {
        metadata: metadata(plan, names::files_secret(&plan.version.name), About::Version, Some(root)),
        data: Some(encode(data)),
        type_: Some("Opaque".to_owned()),
        ..Secret::default()
    }
}

/// The file name under which each key of the Secret is mounted.
pub(super) fn file_items(plan: &Plan) -> Vec<KeyToPath> {
    declared_files(plan).map(|(key, name, _)| KeyToPath { key, path: name.to_owned(), mode: None }).collect()
}

/// Key, name and content of each declared file that has a value. Names may contain characters that keys may not, so the
/// key is a number.
fn declared_files<'a>(plan: &Plan<'a>) -> impl Iterator<Item = (String, &'a str, &'a str)> {
    let values = plan.values;
    plan.version.manifest.config.files.iter().enumerate().filter_map(move |(number, name)| {
        let is_it = |kind, other: &str| kind == ConfigurationKind::File && *name == *other;
        let value = values.iter().find(|value| is_it(value.kind, &value.name))?;
        Some((format!("file-{number}"), name.as_str(), value.value.as_str()))
    })
}

pub(super) fn encode(pairs: impl Iterator<Item = (String, String)>) -> BTreeMap<String, k8s_openapi::ByteString> {
    pairs.map(|(key, value)| (key, k8s_openapi::ByteString(value.into_bytes()))).collect()
}
