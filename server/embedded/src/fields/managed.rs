//! `metadata.managedFields`: server-side apply with conflicts, and the effect of other writes on ownership.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::compare::compare;
use super::merge::merge;
use super::prune::prune;
use super::set::{FieldSet, Part};
use crate::clock;
use crate::status::ApiError;

/// The manager of a write, and the subresource it uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manager {
    pub name: String,
    /// `status`, `scale`, or empty for the object itself.
    pub subresource: String,
}

/// One entry of `managedFields`.
struct Entry {
    manager: String,
    operation: String,
    api_version: String,
    subresource: String,
    time: String,
    fields: FieldSet,
}

/// Applies `applied` to `live` (`null` when it does not exist yet) for `manager`.
///
/// # Errors
/// 409 with every field of another manager that would change, unless `force`.
pub fn apply(live: &Value, applied: &Value, manager: &Manager, force: bool, now: Timestamp) -> Result<Value, ApiError> {
    let applied = configuration(applied);
    let new_set = owned(&applied);
    let bare = without_managed(live);
    let mut merged = if bare.is_null() { applied.clone() } else { merge(&bare, &applied) };

    let mut entries = read(live);
    let api_version = applied["apiVersion"].as_str().unwrap_or_default();
    let mine = entries.iter().position(|entry| entry.is(manager, "Apply"));
    let changed = owned_part(compare(&bare, &merged).changed);
    let mut conflicts = Vec::new();
    for (_, entry) in entries.iter_mut().enumerate().filter(|(at, _)| Some(*at) != mine) {
        let both = entry.fields.intersection(&changed);
        conflicts.extend(both.paths().into_iter().map(|path| (entry.described(), path)));
        entry.fields = entry.fields.difference(&both);
    }
    if !conflicts.is_empty() && !force {
        return Err(ApiError::apply_conflict(&conflicts));
    }

    let before = mine.map(|at| entries[at].fields.clone()).unwrap_or_default();
    let others = entries.iter().enumerate().filter(|(at, _)| Some(*at) != mine);
    let kept = others.fold(new_set.clone(), |kept, (_, entry)| kept.union(&entry.fields));
    prune(&mut merged, &before.difference(&kept), &kept);

    let fresh = Entry::new(manager, "Apply", api_version, new_set, now);
    match mine {
        // The time changes only when the set changes, so that applying the same configuration again is a no-op.
        Some(at) if entries[at].fields == fresh.fields && entries[at].api_version == fresh.api_version => {}
        Some(at) => entries[at] = fresh,
        None => entries.push(fresh),
    }
    write(&mut merged, entries);
    Ok(merged)
}

/// `new` with the ownership after a create (`old` is `null`), update or patch by `manager`.
pub fn updated(old: &Value, mut new: Value, manager: &Manager, now: Timestamp) -> Value {
    let mut entries = read(old);
    let difference = compare(&without_managed(old), &without_managed(&new));
    let changed = owned_part(difference.changed);
    let removed = owned_part(difference.removed);
    if !changed.is_empty() || !removed.is_empty() {
        let mine = entries.iter().position(|entry| entry.is(manager, "Update"));
        for (at, entry) in entries.iter_mut().enumerate() {
            entry.fields = entry.fields.difference_deep(&removed);
            if Some(at) != mine {
                entry.fields = entry.fields.difference(&changed);
            }
        }
        let before = mine.map(|at| entries[at].fields.clone()).unwrap_or_default();
        let api_version = new["apiVersion"].as_str().unwrap_or_default();
        let fresh = Entry::new(manager, "Update", api_version, before.union(&changed), now);
        match mine {
            Some(at) => entries[at] = fresh,
            None => entries.push(fresh),
        }
    }
    write(&mut new, entries);
    new
}

impl Entry {
    fn new(manager: &Manager, operation: &str, api_version: &str, fields: FieldSet, now: Timestamp) -> Entry {
        Entry {
            manager: manager.name.clone(),
            operation: operation.to_owned(),
            api_version: api_version.to_owned(),
            subresource: manager.subresource.clone(),
            time: clock::seconds(now),
            fields,
        }
    }

    fn is(&self, manager: &Manager, operation: &str) -> bool {
        self.manager == manager.name && self.subresource == manager.subresource && self.operation == operation
    }

    fn described(&self) -> String {
        let using = if self.operation == "Update" { format!(" using {}", self.api_version) } else { String::new() };
        let through = if self.subresource.is_empty() {
            String::new()
        } else {
            format!(" with subresource \"{}\"", self.subresource)
        };
        format!("\"{}\"{through}{using}", self.manager)
    }
}

fn read(object: &Value) -> Vec<Entry> {
    let entries = object["metadata"]["managedFields"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    entries
        .map(|entry| Entry {
            manager: text(&entry["manager"]),
            operation: text(&entry["operation"]),
            api_version: text(&entry["apiVersion"]),
            subresource: text(&entry["subresource"]),
            time: text(&entry["time"]),
            fields: FieldSet::from_wire(&entry["fieldsV1"]),
        })
        .collect()
}

fn write(object: &mut Value, mut entries: Vec<Entry>) {
    entries.retain(|entry| !entry.fields.is_empty());
    entries.sort_by(|a, b| a.operation.cmp(&b.operation).then_with(|| a.time.cmp(&b.time)));
    let entries: Vec<Value> = entries
        .into_iter()
        .map(|entry| {
            let mut wire = json!({
                "manager": entry.manager,
                "operation": entry.operation,
                "apiVersion": entry.api_version,
                "time": entry.time,
                "fieldsType": "FieldsV1",
                "fieldsV1": entry.fields.to_wire(),
            });
            if !entry.subresource.is_empty() {
                wire["subresource"] = entry.subresource.into();
            }
            wire
        })
        .collect();
    object["metadata"]["managedFields"] = entries.into();
}

fn without_managed(object: &Value) -> Value {
    let mut bare = object.clone();
    crate::meta::clear(&mut bare, "managedFields");
    bare
}

/// Fields without an owner: identity and fields that the server sets.
const UNOWNED: [&str; 9] = [
    "name",
    "namespace",
    "generateName",
    "creationTimestamp",
    "deletionTimestamp",
    "uid",
    "generation",
    "managedFields",
    "resourceVersion",
];

/// An applied configuration without nulls and without fields that cannot be applied.
fn configuration(applied: &Value) -> Value {
    let mut configuration = applied.clone();
    normalize(&mut configuration);
    for field in ["managedFields", "creationTimestamp", "deletionTimestamp", "uid", "resourceVersion", "generation"] {
        crate::meta::clear(&mut configuration, field);
    }
    configuration
}

/// Removes nulls and converts quantities to strings, as in the stored object (`cpu: 1` means `cpu: "1"`).
fn normalize(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, child| !child.is_null());
            for (name, child) in map.iter_mut() {
                normalize(child);
                if matches!(name.as_str(), "limits" | "requests" | "hard") {
                    let amounts = child.as_object_mut().into_iter().flat_map(|amounts| amounts.values_mut());
                    amounts.filter(|amount| amount.is_number()).for_each(|amount| *amount = amount.to_string().into());
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(normalize),
        _ => {}
    }
}

fn owned(configuration: &Value) -> FieldSet {
    owned_part(FieldSet::of(configuration))
}

fn owned_part(mut set: FieldSet) -> FieldSet {
    set.own = false;
    for field in ["apiVersion", "kind"] {
        set.children.remove(&Part::Field(field.to_owned()));
    }
    let metadata = Part::Field("metadata".to_owned());
    if let Some(fields) = set.children.get_mut(&metadata) {
        fields.own = false;
        for field in UNOWNED {
            fields.children.remove(&Part::Field(field.to_owned()));
        }
        if fields.is_empty() {
            set.children.remove(&metadata);
        }
    }
    set
}
