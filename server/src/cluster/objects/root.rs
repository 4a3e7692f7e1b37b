//! The root of a version: a ConfigMap without payload that owns the version's other objects.

use k8s_openapi::api::core::v1::ConfigMap;
use krt::names;

use super::{Built, Plan, metadata};
use crate::cluster::labels::{About, PACKAGE};

pub fn root(plan: &Plan) -> Built {
    let version = plan.version;
    let mut metadata = metadata(plan, names::root_config_map(&version.name), About::Version, None);
    metadata.annotations = Some([(PACKAGE.to_owned(), version.package.sha256.clone())].into());
    Built::new(ConfigMap { metadata, ..ConfigMap::default() })
}
