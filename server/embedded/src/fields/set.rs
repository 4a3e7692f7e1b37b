//! A set of fields as a tree, and its two external forms: `fieldsV1` and readable paths.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{ListType, is_atomic_map, list_type};

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A field of a map.
    Field(String),
    /// An item of a keyed list, identified by its key fields as sorted JSON text.
    Key(String),
    /// A value of a set, as JSON text.
    Value(String),
}

/// A set of fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSet {
    /// Whether this position itself is in the set.
    pub own: bool,
    pub children: BTreeMap<Part, FieldSet>,
}

impl FieldSet {
    /// The set that contains only its own position.
    pub fn leaf() -> FieldSet {
        FieldSet { own: true, children: BTreeMap::new() }
    }

    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        !self.own && self.children.values().all(FieldSet::is_empty)
    }

    /// All fields that `value` sets, when it is applied.
    pub fn of(value: &Value) -> FieldSet {
        let mut path = Vec::new();
        collect(value, &mut path)
    }

    /// Adds a child unless the child is empty.
    pub fn add(&mut self, part: Part, child: FieldSet) {
        if !child.is_empty() {
            let place = self.children.entry(part).or_default();
            *place = std::mem::take(place).union(&child);
        }
    }

    pub fn union(mut self, other: &FieldSet) -> FieldSet {
        self.own |= other.own;
        for (part, child) in &other.children {
            let place = self.children.entry(part.clone()).or_default();
            *place = std::mem::take(place).union(child);
        }
        self
    }

    /// The fields in both sets.
    pub fn intersection(&self, other: &FieldSet) -> FieldSet {
        let mut both = FieldSet { own: self.own && other.own, children: BTreeMap::new() };
        for (part, child) in &self.children {
            if let Some(theirs) = other.children.get(part) {
                both.add(part.clone(), child.intersection(theirs));
            }
        }
        both
    }

    /// The fields that are not in `other`.
    pub fn difference(&self, other: &FieldSet) -> FieldSet {
        self.without(other, false)
    }

    /// The fields that are neither in `other` nor below a field in `other`.
    pub fn difference_deep(&self, other: &FieldSet) -> FieldSet {
        self.without(other, true)
    }

    fn without(&self, other: &FieldSet, deep: bool) -> FieldSet {
        if deep && other.own {
            return FieldSet::default();
        }
        let mut rest = FieldSet { own: self.own && !other.own, children: BTreeMap::new() };
        for (part, child) in &self.children {
            match other.children.get(part) {
                Some(theirs) => rest.add(part.clone(), child.without(theirs, deep)),
                None => rest.add(part.clone(), child.clone()),
            }
        }
        rest
    }

    /// The `fieldsV1` form.
    pub fn to_wire(&self) -> Value {
        let mut map = Map::new();
        if self.own && !self.children.is_empty() {
            map.insert(".".to_owned(), json!({}));
        }
        for (part, child) in &self.children {
            let name = match part {
                Part::Field(name) => format!("f:{name}"),
                Part::Key(key) => format!("k:{key}"),
                Part::Value(value) => format!("v:{value}"),
            };
            map.insert(name, child.to_wire());
        }
        Value::Object(map)
    }

    /// Parses `fieldsV1`; unknown parts are ignored.
    pub fn from_wire(wire: &Value) -> FieldSet {
        let mut set = FieldSet::default();
        let Some(map) = wire.as_object() else { return set };
        set.own = map.is_empty() || map.contains_key(".");
        for (name, child) in map {
            let part = match name.split_once(':') {
                Some(("f", name)) => Part::Field(name.to_owned()),
                Some(("k", key)) => Part::Key(key.to_owned()),
                Some(("v", value)) => Part::Value(value.to_owned()),
                _ => continue,
            };
            set.children.insert(part, FieldSet::from_wire(child));
        }
        set
    }

    /// Every path in the set, in the notation of conflict messages: `.spec.containers[name="a"].image`.
    pub fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.collect_paths(String::new(), &mut paths);
        paths
    }

    fn collect_paths(&self, here: String, paths: &mut Vec<String>) {
        if self.own {
            paths.push(here.clone());
        }
        for (part, child) in &self.children {
            let step = match part {
                Part::Field(name) => format!(".{name}"),
                Part::Key(key) => {
                    let fields: Map<String, Value> = serde_json::from_str(key).unwrap_or_default();
                    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
                    format!("[{}]", fields.join(","))
                }
                Part::Value(value) => format!("[={value}]"),
            };
            child.collect_paths(format!("{here}{step}"), paths);
        }
    }
}

fn collect<'v>(value: &'v Value, path: &mut Vec<&'v str>) -> FieldSet {
    match value {
        Value::Object(map) if !map.is_empty() && !is_atomic_map(path) => collect_fields(map, path),
        Value::Array(items) => match list_type(path) {
            ListType::Atomic => FieldSet::leaf(),
            kind => {
                let mut set = FieldSet { own: items.is_empty(), children: BTreeMap::new() };
                for item in items {
                    let Some(part) = item_part(item, kind) else { return FieldSet::leaf() };
                    let mut child = match item {
                        Value::Object(map) => collect_fields(map, path),
                        _ => FieldSet::default(),
                    };
                    child.own = true;
                    set.add(part, child);
                }
                set
            }
        },
        _ => FieldSet::leaf(),
    }
}

fn collect_fields<'v>(map: &'v Map<String, Value>, path: &mut Vec<&'v str>) -> FieldSet {
    let mut set = FieldSet::default();
    for (name, child) in map {
        path.push(name);
        set.add(Part::Field(name.clone()), collect(child, path));
        path.pop();
    }
    set
}

/// The identity of `item` in a list of this type; `None` when a key is missing.
pub fn item_part(item: &Value, kind: ListType) -> Option<Part> {
    match kind {
        ListType::Atomic => None,
        ListType::Set => Some(Part::Value(item.to_string())),
        ListType::Map(keys) => {
            let mut found = Map::new();
            for (key, default) in keys {
                let value = match (&item[*key], default) {
                    (Value::Null, Some(default)) => (*default).into(),
                    (Value::Null, None) => return None,
                    (value, _) => value.clone(),
                };
                found.insert((*key).to_owned(), value);
            }
            Some(Part::Key(Value::Object(found).to_string()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_applied_configuration_becomes_the_documented_wire_form() {
        let applied = json!({ "spec": { "replicas": 1, "selector": { "matchLabels": { "a": "b" } }, "template": { "spec": {
            "containers": [{ "name": "c", "image": "i", "ports": [{ "containerPort": 80 }], "args": ["x"] }] } } } });
        let wire = FieldSet::of(&applied).to_wire();
        let container = &wire["f:spec"]["f:template"]["f:spec"]["f:containers"]["k:{\"name\":\"c\"}"];
        assert_eq!(wire["f:spec"]["f:selector"], json!({}));
        assert_eq!(container["."], json!({}));
        assert_eq!(container["f:args"], json!({}));
        assert_eq!(
            container["f:ports"],
            json!({ "k:{\"containerPort\":80,\"protocol\":\"TCP\"}": { ".": {}, "f:containerPort": {} } })
        );
        assert_eq!(FieldSet::from_wire(&wire), FieldSet::of(&applied));
    }

    #[test]
    fn paths_are_formatted_as_in_the_real_server() {
        let set = FieldSet::of(&json!({ "spec": { "containers": [{ "name": "c" }] } }));
        assert_eq!(set.paths(), [".spec.containers[name=\"c\"]", ".spec.containers[name=\"c\"].name"]);
    }
}
