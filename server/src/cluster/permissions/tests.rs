//! The rules in `deploy` are those of the table of kinds.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::table::permissions;
use crate::cluster::kinds::Granted;

#[test]
fn the_roles_grant_what_the_table_lists() {
    let wide = [Granted::Wide, Granted::Setup, Granted::Anywhere];
    assert_eq!(granted("base/cluster-role.yaml"), listed(&wide));
    assert_eq!(granted("base/runtime-role.yaml"), listed(&[Granted::Inside]));
}

#[test]
fn the_roles_for_prepared_namespaces_grant_the_rest_of_it_without_what_sets_namespaces_up() {
    assert_eq!(granted("prepared-namespaces/cluster-role.yaml"), listed(&[Granted::Wide]));
    let inside = [Granted::Anywhere, Granted::Inside];
    assert_eq!(granted("prepared-namespaces/namespace-of-a-runtime.yaml"), listed(&inside));
}

fn listed(granted: &[Granted]) -> BTreeSet<String> {
    granted.iter().flat_map(|one| permissions(*one)).map(|permission| permission.to_string()).collect()
}

/// The permissions that the roles in a file grant, as in `patch deployments.apps`.
fn granted(file: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(file)).unwrap();
    let mut all = BTreeSet::new();
    for document in serde_yaml::Deserializer::from_str(&text) {
        let object = Value::deserialize(document).unwrap();
        for rule in object["rules"].as_array().into_iter().flatten() {
            for (verb, resource) in pairs(rule, "verbs", "resources") {
                for (group, name) in pairs(rule, "apiGroups", "resourceNames") {
                    let group = if group.is_empty() { group } else { format!(".{group}") };
                    let name = if name.is_empty() { name } else { format!(" {name}") };
                    all.insert(format!("{verb} {resource}{group}{name}"));
                }
            }
        }
    }
    all
}

/// Every pair of the entries of two lists; one that is absent counts as an empty text.
fn pairs(rule: &Value, one: &str, other: &str) -> Vec<(String, String)> {
    let texts = |list: &str| match rule[list].as_array() {
        Some(texts) => texts.iter().map(|text| text.as_str().unwrap().to_owned()).collect(),
        None => vec![String::new()],
    };
    texts(one).into_iter().flat_map(|one| texts(other).into_iter().map(move |other| (one.clone(), other))).collect()
}
