//! A dashboard of `metrics/dashboards/`: a JSON object with lists of cells and templates.
//!
//! Source: KRE reads every file of the folder into `name`, `cells` and `templates` (`version_dashboards.go`).

use serde_json::Value;

/// What is wrong with a dashboard's text, in a few words.
pub(super) fn problem(bytes: &[u8]) -> Option<String> {
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(_) if bytes.iter().all(u8::is_ascii_whitespace) => return Some("it is empty".to_owned()),
        // Not deeper than 128 levels: a hostile one would exhaust the stack.
        Err(error) if error.to_string().starts_with("recursion limit") => {
            return Some("it is nested too deep".to_owned());
        }
        Err(error) => return Some(format!("it is no JSON: {error}")),
    };
    let Value::Object(fields) = value else { return Some("it must be a JSON object".to_owned()) };
    for key in ["cells", "templates"] {
        let is_good = match fields.get(key) {
            None | Some(Value::Null) => true,
            Some(Value::Array(items)) => items.iter().all(Value::is_object),
            Some(_) => false,
        };
        if !is_good {
            return Some(format!("its `{key}` must be a list of objects"));
        }
    }
    let has_wrong_name = fields.get("name").is_some_and(|name| !name.is_string() && !name.is_null());
    has_wrong_name.then(|| "its `name` must be text".to_owned())
}
