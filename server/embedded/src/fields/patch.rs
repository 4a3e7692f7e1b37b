//! The other patch types: JSON merge patch (RFC 7386), JSON patch (RFC 6902), strategic merge patch.

use serde_json::{Map, Value};

use super::strategic_key;
use crate::status::ApiError;

/// Applies an RFC 7386 merge patch.
pub fn merge_patch(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(target) = target else { return };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            merge_patch(target.entry(name.clone()).or_insert(Value::Null), value);
        }
    }
}

/// Applies a strategic merge patch, with `$patch`, `$retainKeys` and `$deleteFromPrimitiveList` directives.
pub fn strategic_merge_patch(target: &mut Value, patch: &Value) {
    strategic(target, patch, &mut Vec::new());
}

fn strategic<'p>(target: &mut Value, patch: &'p Value, path: &mut Vec<&'p str>) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    let directive = patch.get("$patch").and_then(Value::as_str);
    if !target.is_object() || matches!(directive, Some("replace" | "delete")) {
        *target = Value::Object(Map::new());
    }
    let Value::Object(target) = target else { return };
    if directive == Some("delete") {
        return;
    }
    if let Some(retained) = patch.get("$retainKeys").and_then(Value::as_array) {
        target.retain(|name, _| retained.iter().any(|one| one == name));
    }
    for (name, value) in patch {
        if let Some(list) = name.strip_prefix("$deleteFromPrimitiveList/") {
            if let (Some(Value::Array(items)), Some(gone)) = (target.get_mut(list), value.as_array()) {
                items.retain(|item| !gone.contains(item));
            }
        } else if name.starts_with('$') {
            // `$setElementOrder/…` is ignored: the merge below preserves the order well enough.
        } else if value.is_null() {
            target.remove(name);
        } else {
            path.push(name);
            let place = target.entry(name.clone()).or_insert(Value::Null);
            match value {
                Value::Array(items) => strategic_list(place, items, path),
                _ => strategic(place, value, path),
            }
            path.pop();
        }
    }
}

fn strategic_list<'p>(target: &mut Value, patch: &'p [Value], path: &mut Vec<&'p str>) {
    let replace = patch.iter().any(|item| item["$patch"] == "replace");
    let finalizers = path.as_slice() == ["metadata", "finalizers"];
    let key = strategic_key(path);
    if !target.is_array() || replace || (key.is_none() && !finalizers) {
        *target = Value::Array(Vec::new());
    }
    let Value::Array(items) = target else { return };
    for item in patch.iter().filter(|item| item["$patch"] != "replace") {
        let same = |one: &Value| match key {
            Some(key) => one[key] == item[key],
            None => finalizers && one == item,
        };
        match items.iter().position(same) {
            Some(at) if item["$patch"] == "delete" => {
                items.remove(at);
            }
            Some(at) => strategic(&mut items[at], item, path),
            None if item["$patch"] == "delete" => {}
            None => {
                let mut fresh = Value::Null;
                strategic(&mut fresh, item, path);
                items.push(fresh);
            }
        }
    }
}

/// Applies an RFC 6902 patch.
///
/// # Errors
/// 400 when the patch is not a list, 422 when an operation cannot be applied.
pub fn json_patch(target: &mut Value, patch: &Value) -> Result<(), ApiError> {
    let operations = patch.as_array().ok_or_else(|| ApiError::bad_request("a JSON patch is a list of operations"))?;
    for operation in operations {
        let wrong = ApiError::unprocessable;
        let path = operation["path"].as_str().ok_or_else(wrong)?;
        let value = || operation.get("value").cloned().ok_or_else(wrong);
        let from = || operation["from"].as_str().ok_or_else(wrong);
        match operation["op"].as_str() {
            Some("test") => {
                let found = target.pointer(path).ok_or_else(wrong)?;
                if *found != value()? {
                    return Err(wrong());
                }
            }
            Some("add") => insert(target, path, value()?).ok_or_else(wrong)?,
            Some("remove") => drop(take(target, path).ok_or_else(wrong)?),
            Some("replace") => *target.pointer_mut(path).ok_or_else(wrong)? = value()?,
            Some("copy") => {
                let copied = target.pointer(from()?).cloned().ok_or_else(wrong)?;
                insert(target, path, copied).ok_or_else(wrong)?;
            }
            Some("move") => {
                let moved = take(target, from()?).ok_or_else(wrong)?;
                insert(target, path, moved).ok_or_else(wrong)?;
            }
            _ => return Err(wrong()),
        }
    }
    Ok(())
}

fn place<'t>(target: &'t mut Value, path: &str) -> Option<(&'t mut Value, String)> {
    let (parent, last) = path.rsplit_once('/')?;
    Some((target.pointer_mut(parent)?, last.replace("~1", "/").replace("~0", "~")))
}

fn insert(target: &mut Value, path: &str, value: Value) -> Option<()> {
    if path.is_empty() {
        *target = value;
        return Some(());
    }
    match place(target, path)? {
        (Value::Object(map), name) => drop(map.insert(name, value)),
        (Value::Array(items), last) => {
            let at = if last == "-" { items.len() } else { last.parse().ok()? };
            if at > items.len() {
                return None;
            }
            items.insert(at, value);
        }
        _ => return None,
    }
    Some(())
}

fn take(target: &mut Value, path: &str) -> Option<Value> {
    match place(target, path)? {
        (Value::Object(map), name) => map.remove(&name),
        (Value::Array(items), last) => {
            let at: usize = last.parse().ok()?;
            (at < items.len()).then(|| items.remove(at))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn strategic_patches_follow_list_keys_and_directives() {
        let mut pod =
            json!({ "spec": { "containers": [{ "name": "a", "image": "1" }, { "name": "b" }], "tolerations": [1] } });
        let patch = json!({ "spec": { "containers": [{ "name": "a", "image": "2" }, { "name": "b", "$patch": "delete" }, { "name": "c" }],
            "$setElementOrder/containers": [{ "name": "a" }], "tolerations": [2] } });
        strategic_merge_patch(&mut pod, &patch);
        assert_eq!(
            pod,
            json!({ "spec": { "containers": [{ "name": "a", "image": "2" }, { "name": "c" }], "tolerations": [2] } })
        );
    }

    #[test]
    fn json_patches_apply_each_operation() {
        let mut value = json!({ "a": { "b/c": 1 }, "l": [1, 3] });
        let patch = json!([
            { "op": "test", "path": "/a/b~1c", "value": 1 },
            { "op": "add", "path": "/l/1", "value": 2 },
            { "op": "add", "path": "/l/-", "value": 4 },
            { "op": "move", "from": "/a/b~1c", "path": "/d" },
            { "op": "remove", "path": "/a" },
        ]);
        json_patch(&mut value, &patch).unwrap();
        assert_eq!(value, json!({ "d": 1, "l": [1, 2, 3, 4] }));
        assert!(json_patch(&mut value, &json!([{ "op": "remove", "path": "/none" }])).is_err());
    }
}
