//! Removes fields that a manager applied before and no longer applies.

use serde_json::Value;

use super::set::{FieldSet, Part, item_part};
use super::{ListType, list_type};

/// Removes from `value` every field in `gone` that is not in `kept`, the fields that any manager still owns.
pub fn prune(value: &mut Value, gone: &FieldSet, kept: &FieldSet) {
    prune_at(value, gone, kept, &mut Vec::new());
}

fn prune_at<'s>(value: &mut Value, gone: &'s FieldSet, kept: &FieldSet, path: &mut Vec<&'s str>) {
    let nothing = FieldSet::default();
    for (part, child) in &gone.children {
        let held = kept.children.get(part).unwrap_or(&nothing);
        match (part, &mut *value) {
            (Part::Field(name), Value::Object(map)) => {
                let Some(place) = map.get_mut(name) else { continue };
                if child.own && held.is_empty() {
                    map.remove(name);
                    continue;
                }
                path.push(name);
                let filled = !is_hollow(place);
                prune_at(place, child, held, path);
                path.pop();
                // Emptied by the removal: no manager owns the empty map or list.
                if filled && is_hollow(place) && held.is_empty() {
                    map.remove(name);
                }
            }
            (Part::Key(_) | Part::Value(_), Value::Array(items)) => {
                let kind = list_type(path);
                if kind == ListType::Atomic {
                    continue;
                }
                let Some(at) = items.iter().position(|item| item_part(item, kind).as_ref() == Some(part)) else {
                    continue;
                };
                if child.own && held.is_empty() {
                    items.remove(at);
                } else {
                    prune_at(&mut items[at], child, held, path);
                }
            }
            _ => {}
        }
    }
}

fn is_hollow(value: &Value) -> bool {
    value.as_object().is_some_and(|map| map.is_empty()) || value.as_array().is_some_and(Vec::is_empty)
}
