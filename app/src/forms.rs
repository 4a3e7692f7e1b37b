//! Submitted forms that come back: the values and the errors.
//!
//! Forms are posted to plain routes of the server. When a form is refused, the server renders its page again with a
//! [`FormOutcome`] in context and the error's status, so that typed values are kept, with or without JavaScript.

use krt::package::Report;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// The result of a refused form; empty on the first visit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormOutcome {
    /// The fields as sent, in order, without files.
    pub values: Vec<(String, String)>,
    /// The reason for the refusal.
    pub error: Option<Error>,
    /// The report of the uploaded package, when it is the reason.
    pub report: Option<Report>,
}

impl FormOutcome {
    /// The value of this field, if it was sent.
    pub fn value(&self, field: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// The value of this field, or an empty string.
    pub fn typed(&self, field: &str) -> String {
        self.value(field).unwrap_or_default().to_owned()
    }

    /// The error of this field, if any.
    pub fn field_error(&self, field: &str) -> Option<String> {
        self.error.as_ref()?.field(field).map(str::to_owned)
    }
}

/// The outcome that the server rendered this page with, also in the browser during hydration. Call this first in a
/// page: shared values are matched by their order.
pub fn form_outcome() -> FormOutcome {
    SharedValue::new(|| use_context::<FormOutcome>().unwrap_or_default()).into_inner()
}

/// The hidden field of every form that writes: its idempotency key, so that a form sent twice takes effect once.
pub const IDEMPOTENCY_KEY: &str = "idempotency_key";
/// The field of an action's reason.
pub const REASON: &str = "reason";

/// The prefix of the fields that carry a configuration value; the name of the variable or file follows.
pub const VALUE: &str = "value:";
/// The prefix of the fields which say that an empty value is meant, because one is already set or the box is ticked.
pub const KEEP_EMPTY: &str = "keep-empty:";

/// Returns the error for a text of more than `limit` characters after trimming. Fields have no `maxlength`, because
/// that silently cuts pasted text.
pub fn too_long(text: &str, limit: usize) -> Option<String> {
    let length = text.trim().chars().count();
    (length > limit).then(|| format!("{length} characters; the limit is {limit}."))
}

/// Returns the configuration values that a submitted form sets. An empty field sets nothing unless the form says for
/// the same name that an empty value is meant; otherwise filling in one variable would set all others to empty.
pub fn configuration_values(fields: &[(String, String)]) -> Vec<(String, String)> {
    let empty_is_meant = |name: &str| fields.iter().any(|(field, _)| field.strip_prefix(KEEP_EMPTY) == Some(name));
    let named = fields.iter().filter_map(|(field, value)| Some((field.strip_prefix(VALUE)?, value)));
    let set = named.filter(|(name, value)| !value.is_empty() || empty_is_meant(name));
    // Browsers post line breaks as CR LF, independent of the typed text.
    set.map(|(name, value)| (name.to_owned(), value.replace("\r\n", "\n"))).collect()
}

/// The fields of the form being submitted, in order, without files. Empty on the server, which submits no forms.
pub fn fields_of(event: &leptos::ev::SubmitEvent) -> Vec<(String, String)> {
    #[cfg(feature = "hydrate")]
    return browser_fields(event).unwrap_or_default();
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = event;
        Vec::new()
    }
}

#[cfg(feature = "hydrate")]
fn browser_fields(event: &leptos::ev::SubmitEvent) -> Option<Vec<(String, String)>> {
    use wasm_bindgen::JsCast;

    let form: web_sys::HtmlFormElement = event.target()?.dyn_into().ok()?;
    let data = web_sys::FormData::new_with_form(&form).ok()?;
    let pairs = js_sys::Array::from(&data);
    let pair = |pair: wasm_bindgen::JsValue| {
        let pair = js_sys::Array::from(&pair);
        Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
    };
    Some(pairs.iter().filter_map(pair).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_left_empty_sets_nothing_unless_empty_is_meant() {
        let fields = ["value:A=1", "value:B=", "value:C=", "keep-empty:C=on", "idempotency_key=7"];
        let fields: Vec<_> = fields.iter().filter_map(|field| field.split_once('=')).collect();
        let fields: Vec<_> = fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let set = configuration_values(&fields);
        assert_eq!(set, [("A".to_owned(), "1".to_owned()), ("C".to_owned(), String::new())]);
    }
}
