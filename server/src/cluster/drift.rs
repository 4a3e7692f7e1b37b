//! Whether an object on the cluster still matches what was written: pure comparisons of JSON.

use serde_json::{Map, Value};

/// The part of `observed` that `written` covers, without what others added and what the cluster defaulted. Equal to
/// `written` when our fields are unchanged.
pub(super) fn projection(written: &Value, observed: &Value) -> Value {
    match (written, observed) {
        (Value::Object(written), Value::Object(observed)) => {
            let ours = written.iter().map(|(key, value)| {
                let found = observed.get(key).map_or(Value::Null, |found| projection(value, found));
                (key.clone(), found)
            });
            Value::Object(ours.collect::<Map<_, _>>())
        }
        (Value::Array(written), Value::Array(observed)) => {
            let ours = written.iter().enumerate().map(|(place, value)| {
                let found = match name(value) {
                    Some(wanted) => observed.iter().find(|item| name(item) == Some(wanted)),
                    None => observed.get(place),
                };
                found.map_or(Value::Null, |found| projection(value, found))
            });
            Value::Array(ours.collect())
        }
        // The cluster omits what was written as empty.
        (Value::Object(written), Value::Null) if written.is_empty() => Value::Object(Map::new()),
        (_, observed) => observed.clone(),
    }
}

/// The key of the items of most lists (containers, variables, volumes, ports).
fn name(item: &Value) -> Option<&str> {
    item.get("name").and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_others_added_and_what_was_defaulted_is_left_out() {
        let written = json!({"spec": {"containers": [{"name": "a", "image": "x"}], "volumes": [{"emptyDir": {}}]}});
        let observed = json!({
            "status": {"ready": true},
            "spec": {
                "dnsPolicy": "ClusterFirst",
                "containers": [{"name": "sidecar"}, {"name": "a", "image": "x", "imagePullPolicy": "Always"}],
                "volumes": [{"emptyDir": {"medium": ""}}],
            },
        });
        assert_eq!(projection(&written, &observed), written);
    }

    #[test]
    fn a_changed_value_a_missing_item_and_a_missing_key_show() {
        let written = json!({"replicas": 1, "list": [{"name": "a", "value": "1"}], "selector": {"k": "v"}});
        for drifted in [
            json!({"replicas": 3, "list": [{"name": "a", "value": "1"}], "selector": {"k": "v"}}),
            json!({"replicas": 1, "list": [], "selector": {"k": "v"}}),
            json!({"replicas": 1, "list": [{"name": "a", "value": "2"}], "selector": {"k": "v"}}),
            json!({"replicas": 1, "list": [{"name": "a", "value": "1"}], "selector": {}}),
            json!({"replicas": 1, "list": [{"name": "a", "value": "1"}]}),
        ] {
            assert_ne!(projection(&written, &drifted), written, "{drifted}");
        }
    }
}
