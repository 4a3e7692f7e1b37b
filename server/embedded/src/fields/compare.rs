//! The differences between two versions of an object, as sets of fields.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::set::{FieldSet, Part, item_part};
use super::{ListType, is_atomic_map, list_type};

/// The differences.
#[derive(Debug, Default)]
pub struct Difference {
    /// Added fields and fields with a new value.
    pub changed: FieldSet,
    /// Removed fields.
    pub removed: FieldSet,
}

/// Compares two versions of an object.
pub fn compare(old: &Value, new: &Value) -> Difference {
    let mut path = Vec::new();
    compare_at(Some(old).filter(|old| !old.is_null()), Some(new), &mut path)
}

fn compare_at<'v>(old: Option<&'v Value>, new: Option<&'v Value>, path: &mut Vec<&'v str>) -> Difference {
    match (old, new) {
        (old, new) if old == new => Difference::default(),
        (Some(Value::Object(old)), Some(Value::Object(new))) if !is_atomic_map(path) => compare_maps(old, new, path),
        (None, Some(Value::Object(new))) if !is_atomic_map(path) && !new.is_empty() => compare_maps(&EMPTY, new, path),
        (Some(Value::Object(old)), None) if !is_atomic_map(path) && !old.is_empty() => {
            let mut found = compare_maps(old, &EMPTY, path);
            found.removed.own = true;
            found
        }
        (None | Some(Value::Array(_)), None | Some(Value::Array(_))) if list_type(path) != ListType::Atomic => {
            compare_lists(items(old), items(new), list_type(path), path)
        }
        (_, Some(_)) => Difference { changed: FieldSet::leaf(), ..Difference::default() },
        (_, None) => Difference { removed: FieldSet::leaf(), ..Difference::default() },
    }
}

static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

fn items(list: Option<&Value>) -> &[Value] {
    list.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn compare_maps<'v>(old: &'v Map<String, Value>, new: &'v Map<String, Value>, path: &mut Vec<&'v str>) -> Difference {
    let mut found = Difference::default();
    let gone = old.keys().filter(|name| !new.contains_key(*name));
    for name in new.keys().chain(gone) {
        path.push(name);
        let child = compare_at(old.get(name), new.get(name), path);
        path.pop();
        found.changed.add(Part::Field(name.clone()), child.changed);
        found.removed.add(Part::Field(name.clone()), child.removed);
    }
    found
}

fn compare_lists<'v>(old: &'v [Value], new: &'v [Value], kind: ListType, path: &mut Vec<&'v str>) -> Difference {
    let keyed = |list: &'v [Value]| -> Option<BTreeMap<Part, &'v Value>> {
        list.iter().map(|item| Some((item_part(item, kind)?, item))).collect()
    };
    let (Some(old), Some(new)) = (keyed(old), keyed(new)) else {
        return Difference { changed: FieldSet::leaf(), ..Difference::default() };
    };
    let mut found = Difference::default();
    for (part, item) in &new {
        let child = match (old.get(part), item) {
            (Some(Value::Object(before)), Value::Object(after)) => compare_maps(before, after, path),
            (Some(_), _) => Difference::default(),
            (None, Value::Object(after)) => {
                let mut child = compare_maps(&EMPTY, after, path);
                child.changed.own = true;
                child
            }
            (None, _) => Difference { changed: FieldSet::leaf(), ..Difference::default() },
        };
        found.changed.add(part.clone(), child.changed);
        found.removed.add(part.clone(), child.removed);
    }
    for part in old.keys().filter(|part| !new.contains_key(part)) {
        found.removed.add(part.clone(), FieldSet::leaf());
    }
    found
}
