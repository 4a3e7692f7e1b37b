//! Merges an applied configuration into the live object.

use serde_json::{Map, Value};

use super::set::item_part;
use super::{ListType, is_atomic_map, list_type};

/// `live` with everything that `applied` sets.
pub fn merge(live: &Value, applied: &Value) -> Value {
    merge_at(live, applied, &mut Vec::new())
}

fn merge_at<'v>(live: &'v Value, applied: &'v Value, path: &mut Vec<&'v str>) -> Value {
    match (live, applied) {
        (Value::Object(live), Value::Object(applied)) if !is_atomic_map(path) => merge_maps(live, applied, path),
        (Value::Array(live), Value::Array(applied)) => match list_type(path) {
            ListType::Atomic => Value::Array(applied.clone()),
            kind => merge_lists(live, applied, kind, path),
        },
        _ => applied.clone(),
    }
}

fn merge_maps<'v>(live: &'v Map<String, Value>, applied: &'v Map<String, Value>, path: &mut Vec<&'v str>) -> Value {
    let mut merged = live.clone();
    for (name, value) in applied {
        path.push(name);
        let value = live.get(name).map_or_else(|| value.clone(), |live| merge_at(live, value, path));
        path.pop();
        merged.insert(name.clone(), value);
    }
    Value::Object(merged)
}

/// Uses the applied order; items that only the live list has stay before the item they preceded.
fn merge_lists<'v>(live: &'v [Value], applied: &'v [Value], kind: ListType, path: &mut Vec<&'v str>) -> Value {
    let parts: Vec<_> = live.iter().map(|item| item_part(item, kind)).collect();
    let applied_parts: Vec<_> = applied.iter().map(|item| item_part(item, kind)).collect();
    let mut taken = vec![false; live.len()];
    let mut merged = Vec::with_capacity(live.len() + applied.len());
    for (item, part) in applied.iter().zip(&applied_parts) {
        let Some(at) = parts.iter().position(|live| live == part) else {
            merged.push(item.clone());
            continue;
        };
        for before in 0..at {
            if !taken[before] && !applied_parts.contains(&parts[before]) {
                taken[before] = true;
                merged.push(live[before].clone());
            }
        }
        taken[at] = true;
        merged.push(match (&live[at], item) {
            (Value::Object(live), Value::Object(item)) => merge_maps(live, item, path),
            _ => item.clone(),
        });
    }
    for (at, item) in live.iter().enumerate() {
        if !taken[at] && !applied_parts.contains(&parts[at]) {
            merged.push(item.clone());
        }
    }
    Value::Array(merged)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keyed_lists_keep_the_position_of_items_added_by_others() {
        let live = json!({ "spec": { "containers": [{ "name": "sidecar", "image": "s" }, { "name": "a", "image": "1", "tty": true }] } });
        let applied = json!({ "spec": { "containers": [{ "name": "a", "image": "2" }, { "name": "b" }] } });
        let merged = merge(&live, &applied);
        let expected =
            json!([{ "name": "sidecar", "image": "s" }, { "name": "a", "image": "2", "tty": true }, { "name": "b" }]);
        assert_eq!(merged["spec"]["containers"], expected);
    }
}
