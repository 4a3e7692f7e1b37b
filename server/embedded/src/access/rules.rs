//! Rules of roles (rbac.authorization.k8s.io/v1 PolicyRule): what they allow, and whether some rules cover another rule
//! (k8s.io/component-helpers `auth/rbac/validation`).

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Attributes, Place};

const ALL: &str = "*";

/// The strings in a list of the rule.
fn list<'r>(rule: &'r Value, field: &str) -> Vec<&'r str> {
    rule[field].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Whether the rule allows the request.
pub fn allows(rule: &Value, asked: &Attributes) -> bool {
    let has = |field: &str, wanted: &str| list(rule, field).iter().any(|one| *one == ALL || *one == wanted);
    if !has("verbs", &asked.verb) {
        return false;
    }
    match &asked.place {
        Place::Path(path) => list(rule, "nonResourceURLs").iter().any(|url| url_covers(url, path)),
        Place::Resource { group, resource, subresource, name, .. } => {
            let wanted = if subresource.is_empty() { resource.clone() } else { format!("{resource}/{subresource}") };
            let names = list(rule, "resourceNames");
            has("apiGroups", group)
                && list(rule, "resources").iter().any(|one| resource_covers(one, &wanted))
                && (names.is_empty() || names.contains(&name.as_str()))
        }
    }
}

fn url_covers(rule: &str, path: &str) -> bool {
    rule == ALL || rule == path || rule.strip_suffix('*').is_some_and(|prefix| path.starts_with(prefix))
}

/// `*` covers every resource, `*/scale` that subresource of every resource.
fn resource_covers(rule: &str, wanted: &str) -> bool {
    let part =
        || rule.strip_prefix("*/").is_some_and(|part| wanted.split_once('/').is_some_and(|(_, own)| own == part));
    rule == ALL || rule == wanted || part()
}

/// A rule about one verb of one resource or path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Single<'r> {
    group: &'r str,
    resource: &'r str,
    url: &'r str,
    name: Option<&'r str>,
    verb: &'r str,
}

fn singles(rule: &Value) -> Vec<Single<'_>> {
    let mut found = Vec::new();
    let names = list(rule, "resourceNames");
    let names: Vec<Option<&str>> = if names.is_empty() { vec![None] } else { names.into_iter().map(Some).collect() };
    for verb in list(rule, "verbs") {
        for group in list(rule, "apiGroups") {
            for resource in list(rule, "resources") {
                found.extend(names.iter().map(|name| Single { group, resource, url: "", name: *name, verb }));
            }
        }
        found.extend(list(rule, "nonResourceURLs").into_iter().map(|url| Single {
            group: "",
            resource: "",
            url,
            name: None,
            verb,
        }));
    }
    found
}

fn covers(rule: &Value, wanted: &Single<'_>) -> bool {
    let has = |field: &str, wanted: &str| list(rule, field).iter().any(|one| *one == ALL || *one == wanted);
    if !has("verbs", wanted.verb) {
        return false;
    }
    if wanted.resource.is_empty() {
        return list(rule, "nonResourceURLs").iter().any(|url| url_covers(url, wanted.url));
    }
    let names = list(rule, "resourceNames");
    has("apiGroups", wanted.group)
        && list(rule, "resources").iter().any(|one| resource_covers(one, wanted.resource))
        && (names.is_empty() || wanted.name.is_some_and(|name| names.contains(&name)))
}

/// The parts of `wanted` that the `owned` rules do not cover, in the wording of the real server; empty when all are
/// covered.
pub fn missing(owned: &[Value], wanted: &[Value]) -> Vec<String> {
    let mut missing: Vec<(Single<'_>, Vec<&str>)> = Vec::new();
    let uncovered = wanted.iter().flat_map(singles).filter(|single| !owned.iter().any(|rule| covers(rule, single)));
    for single in uncovered {
        // One line for all verbs of the same target.
        let thing = Single { verb: "", ..single.clone() };
        match missing.iter_mut().find(|(known, _)| *known == thing) {
            Some((_, verbs)) if !verbs.contains(&single.verb) => verbs.push(single.verb),
            Some(_) => {}
            None => missing.push((thing, vec![single.verb])),
        }
    }
    let lines: BTreeSet<String> = missing.iter().map(|(thing, verbs)| line(thing, verbs)).collect();
    lines.into_iter().collect()
}

fn line(thing: &Single<'_>, verbs: &[&str]) -> String {
    let quoted = |texts: &[&str]| texts.iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(" ");
    let mut parts = Vec::new();
    if thing.resource.is_empty() {
        parts.push(format!("NonResourceURLs:[{}]", quoted(&[thing.url])));
    } else {
        parts.push(format!("APIGroups:[{}]", quoted(&[thing.group])));
        parts.push(format!("Resources:[{}]", quoted(&[thing.resource])));
    }
    if let Some(name) = thing.name {
        parts.push(format!("ResourceNames:[{}]", quoted(&[name])));
    }
    parts.push(format!("Verbs:[{}]", quoted(verbs)));
    format!("{{{}}}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn asked(verb: &str, group: &str, resource: &str, subresource: &str, name: &str) -> Attributes {
        let text = str::to_owned;
        let (group, resource, subresource, name) = (text(group), text(resource), text(subresource), text(name));
        let place = Place::Resource { group, resource, subresource, name, namespace: String::new() };
        Attributes { verb: text(verb), place }
    }

    #[test]
    fn a_rule_allows_only_what_it_names() {
        let rule = |resources: &[&str], names: &[&str]| json!({ "verbs": ["get"], "apiGroups": [""], "resources": resources, "resourceNames": names });
        for (rule, asked, expected) in [
            (rule(&["pods"], &[]), asked("get", "", "pods", "", "a"), true),
            (rule(&["pods"], &[]), asked("list", "", "pods", "", ""), false),
            (rule(&["pods"], &[]), asked("get", "apps", "pods", "", "a"), false),
            (rule(&["pods"], &[]), asked("get", "", "pods", "log", "a"), false),
            (rule(&["pods/log"], &[]), asked("get", "", "pods", "log", "a"), true),
            (rule(&["*/log"], &[]), asked("get", "", "pods", "log", "a"), true),
            (rule(&["*"], &[]), asked("get", "", "pods", "log", "a"), true),
            (rule(&["pods"], &["a"]), asked("get", "", "pods", "", "a"), true),
            (rule(&["pods"], &["a"]), asked("get", "", "pods", "", "b"), false),
            (rule(&["pods"], &["a"]), asked("get", "", "pods", "", ""), false),
        ] {
            assert_eq!(allows(&rule, &asked), expected, "{rule} {asked:?}");
        }
        let urls = json!({ "verbs": ["get"], "nonResourceURLs": ["/api", "/api/*"] });
        assert!(
            allows(&urls, &Attributes::path("get", "/api/v1")) && !allows(&urls, &Attributes::path("get", "/apis"))
        );
    }

    #[test]
    fn missing_permissions_are_reported_in_one_line_per_target() {
        let owned = [json!({ "verbs": ["get"], "apiGroups": ["apps"], "resources": ["*"] })];
        let wanted = [
            json!({ "verbs": ["get", "create", "delete"], "apiGroups": ["apps"], "resources": ["deployments"] }),
            json!({ "verbs": ["get"], "apiGroups": [""], "resources": ["secrets"], "resourceNames": ["a"] }),
            json!({ "verbs": ["get"], "nonResourceURLs": ["/metrics"] }),
        ];
        assert_eq!(
            missing(&owned, &wanted),
            [
                r#"{APIGroups:[""], Resources:["secrets"], ResourceNames:["a"], Verbs:["get"]}"#,
                r#"{APIGroups:["apps"], Resources:["deployments"], Verbs:["create" "delete"]}"#,
                r#"{NonResourceURLs:["/metrics"], Verbs:["get"]}"#,
            ]
        );
        assert!(missing(&[json!({ "verbs": ["*"], "apiGroups": ["*"], "resources": ["*"] })], &wanted[..2]).is_empty());
    }
}
