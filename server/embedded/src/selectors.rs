//! Label and field selectors, as query parameters and in objects.

use serde_json::{Map, Value};

use crate::kinds::Kind;
use crate::status::ApiError;
use crate::store::Version;
use crate::{meta, names};

/// A parsed label selector.
#[derive(Clone, Debug, Default)]
pub struct LabelSelector {
    requirements: Vec<Requirement>,
}

#[derive(Clone, Debug)]
enum Requirement {
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Exists(String),
    Absent(String),
}

impl LabelSelector {
    /// Parses `a=b,c!=d,e in (f,g),h notin (i),j,!k`.
    ///
    /// # Errors
    /// 400 when the text is not a label selector.
    pub fn parse(text: &str) -> Result<LabelSelector, ApiError> {
        let requirements = split(text).into_iter().map(|part| requirement(&part)).collect::<Result<_, _>>()?;
        Ok(LabelSelector { requirements })
    }

    /// A selector from a plain map (`spec.selector` of a Service).
    pub fn from_map(map: &Map<String, Value>) -> LabelSelector {
        let requirements = map.iter().map(|(key, value)| Requirement::In(key.clone(), vec![as_text(value)])).collect();
        LabelSelector { requirements }
    }

    /// A selector from a metav1.LabelSelector (`matchLabels`, `matchExpressions`); an unknown operator matches nothing.
    pub fn from_object(selector: &Value) -> LabelSelector {
        let empty = Map::new();
        let mut found = LabelSelector::from_map(selector["matchLabels"].as_object().unwrap_or(&empty));
        for expression in selector["matchExpressions"].as_array().into_iter().flatten() {
            let key = expression["key"].as_str().unwrap_or_default().to_owned();
            let values = expression["values"].as_array().into_iter().flatten().map(as_text).collect();
            found.requirements.push(match expression["operator"].as_str() {
                Some("In") => Requirement::In(key, values),
                Some("NotIn") => Requirement::NotIn(key, values),
                Some("Exists") => Requirement::Exists(key),
                Some("DoesNotExist") => Requirement::Absent(key),
                _ => Requirement::In(key, Vec::new()),
            });
        }
        found
    }

    /// Whether the selector has no requirements.
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Whether these labels match.
    pub fn matches(&self, labels: Option<&Map<String, Value>>) -> bool {
        let value = |key: &str| labels.and_then(|labels| labels.get(key)).and_then(Value::as_str);
        self.requirements.iter().all(|requirement| match requirement {
            Requirement::In(key, values) => value(key).is_some_and(|value| values.iter().any(|one| one == value)),
            Requirement::NotIn(key, values) => value(key).is_none_or(|value| values.iter().all(|one| one != value)),
            Requirement::Exists(key) => value(key).is_some(),
            Requirement::Absent(key) => value(key).is_none(),
        })
    }
}

/// Splits at commas outside parentheses.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_u32;
    for letter in text.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(letter);
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

fn requirement(part: &str) -> Result<Requirement, ApiError> {
    let wrong = || ApiError::bad_request(format!("unable to parse requirement: {part:?} is not a label selector"));
    let key_of = |text: &str| {
        let key = text.trim();
        if names::qualified(key).is_none() { Ok(key.to_owned()) } else { Err(wrong()) }
    };
    let value_of = |text: &str| {
        let value = text.trim();
        if names::label_value(value).is_none() { Ok(value.to_owned()) } else { Err(wrong()) }
    };
    if let Some(key) = part.strip_prefix('!') {
        return Ok(Requirement::Absent(key_of(key)?));
    }
    if let Some((key, value)) = part.split_once("!=") {
        return Ok(Requirement::NotIn(key_of(key)?, vec![value_of(value)?]));
    }
    if let Some((key, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
        return Ok(Requirement::In(key_of(key)?, vec![value_of(value)?]));
    }
    if let Some(open) = part.find('(') {
        let list = part[open + 1..].strip_suffix(')').ok_or_else(wrong)?;
        let values = list.split(',').map(value_of).collect::<Result<_, _>>()?;
        let mut head = part[..open].split_whitespace();
        return match (head.next(), head.next(), head.next()) {
            (Some(key), Some("in"), None) => Ok(Requirement::In(key_of(key)?, values)),
            (Some(key), Some("notin"), None) => Ok(Requirement::NotIn(key_of(key)?, values)),
            _ => Err(wrong()),
        };
    }
    Ok(Requirement::Exists(key_of(part)?))
}

/// A parsed field selector: paths with the values to compare.
#[derive(Clone, Debug, Default)]
pub struct FieldSelector {
    terms: Vec<(Vec<String>, bool, String)>,
}

impl FieldSelector {
    /// Parses `metadata.name=x,status.phase!=Running`.
    ///
    /// # Errors
    /// 400 for a term without an operator.
    pub fn parse(text: &str) -> Result<FieldSelector, ApiError> {
        let mut terms = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (path, equal, value) = if let Some((path, value)) = part.split_once("!=") {
                (path, false, value)
            } else if let Some((path, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
                (path, true, value)
            } else {
                return Err(ApiError::bad_request(format!("invalid selector: '{text}'; can't understand '{part}'")));
            };
            terms.push((path.trim().split('.').map(str::to_owned).collect(), equal, value.trim().to_owned()));
        }
        Ok(FieldSelector { terms })
    }

    /// Checks that the kind supports these fields in selectors.
    ///
    /// # Errors
    /// 400 for a field that the real server does not support.
    pub fn supported_by(&self, kind: &Kind) -> Result<(), ApiError> {
        for (path, _, _) in &self.terms {
            let path = path.join(".");
            let usual = path == "metadata.name" || (path == "metadata.namespace" && kind.namespaced);
            if usual || kind.fields().contains(&path.as_str()) {
                continue;
            }
            let place = if kind.namespaced { ", \"metadata.namespace\"" } else { "" };
            return Err(ApiError::bad_request(match kind.fields() {
                [] => format!("\"{path}\" is not a known field selector: only \"metadata.name\"{place}"),
                _ => format!("field label not supported: {path}"),
            }));
        }
        Ok(())
    }

    /// Adds a term.
    pub fn require(&mut self, path: &str, value: &str) {
        self.terms.push((path.split('.').map(str::to_owned).collect(), true, value.to_owned()));
    }

    /// The value the selector requires for the field, if any.
    pub fn required(&self, path: &str) -> Option<String> {
        let path: Vec<&str> = path.split('.').collect();
        self.terms.iter().find(|(own, equal, _)| *equal && *own == path).map(|(_, _, value)| value.clone())
    }

    /// Whether the object matches. A missing field counts as the empty string.
    pub fn matches(&self, object: &Value) -> bool {
        self.terms.iter().all(|(path, equal, wanted)| {
            let found = path.iter().fold(object, |value, field| &value[field.as_str()]);
            (as_text(found) == *wanted) == *equal
        })
    }
}

/// The label and field selectors of a list or watch.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    pub labels: LabelSelector,
    pub fields: FieldSelector,
}

impl Selection {
    /// Whether everything is selected.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.fields.terms.is_empty()
    }

    /// Whether this version of an object is selected.
    pub fn matches_version(&self, version: &Version) -> bool {
        self.labels.matches(version.labels.as_ref())
            && (self.fields.terms.is_empty() || self.fields.matches(&version.object()))
    }

    /// Whether the object is selected.
    pub fn matches(&self, object: &Value) -> bool {
        self.labels.matches(meta::labels(object)) && self.fields.matches(object)
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(selector: &str, labels: Value) -> bool {
        LabelSelector::parse(selector).unwrap().matches(labels.as_object())
    }

    #[test]
    fn every_operator_works_as_documented() {
        let labels = || json!({ "app": "a", "tier": "front" });
        for yes in
            ["", "app=a", "app==a,tier", "app!=b", "none!=x", "app in (a, b),tier in (front)", "!gone", "x notin (y)"]
        {
            assert!(check(yes, labels()), "{yes}");
        }
        for no in ["app=b", "app!=a", "gone", "!app", "app in (b)", "app notin (a)", "app=a,tier=back"] {
            assert!(!check(no, labels()), "{no}");
        }
    }

    #[test]
    fn malformed_selectors_are_rejected() {
        for text in ["a=b=(", "a in b", "in (x", "(a)", "a b"] {
            assert!(LabelSelector::parse(text).is_err(), "{text}");
        }
        assert!(FieldSelector::parse("metadata.name").is_err());
    }

    #[test]
    fn fields_are_selected_by_path() {
        let pod = json!({ "metadata": { "name": "a" }, "status": { "phase": "Running" } });
        assert!(FieldSelector::parse("metadata.name=a,status.phase!=Failed,spec.nodeName=").unwrap().matches(&pod));
        assert!(!FieldSelector::parse("metadata.name=b").unwrap().matches(&pod));
    }
}
