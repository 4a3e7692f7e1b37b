//! Checks a dashboard of `metrics/dashboards/`: a JSON object with lists of cells and templates.
//!
//! Source: KRE reads every file of the folder into `name`, `cells` and `templates` (`version_dashboards.go`).

use serde_json::Value;

/// Returns what is wrong with a dashboard; `None` when it is valid.
pub(super) fn problem(bytes: &[u8]) -> Option<String> {
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(_) if bytes.iter().all(u8::is_ascii_whitespace) => return Some("the file is empty".to_owned()),
        // serde_json stops at 128 levels: a hostile file would exhaust the stack.
        Err(error) if error.to_string().starts_with("recursion limit") => {
            return Some("nested deeper than 128 levels".to_owned());
        }
        Err(error) => return Some(format!("not JSON: {error}")),
    };
    let Value::Object(fields) = value else { return Some("not a JSON object".to_owned()) };
    for key in ["cells", "templates"] {
        let is_good = match fields.get(key) {
            None | Some(Value::Null) => true,
            Some(Value::Array(items)) => items.iter().all(Value::is_object),
            Some(_) => false,
        };
        if !is_good {
            return Some(format!("`{key}` must be a list of objects"));
        }
    }
    let has_wrong_name = fields.get("name").is_some_and(|name| !name.is_string() && !name.is_null());
    has_wrong_name.then(|| "`name` must be text".to_owned())
}
