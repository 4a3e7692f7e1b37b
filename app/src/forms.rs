//! A form that came back: what was typed and what was wrong with it.
//!
//! Forms are posted to plain routes of the server. When one is refused, the server renders the form's own page again
//! with a [`FormOutcome`] in context and the error's status, so that nothing typed is lost, with or without JavaScript.

use krt::package::Report;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Why the page is shown again after its form was sent; empty on a first visit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormOutcome {
    /// The fields as they were sent, in their order; a file is not among them.
    pub values: Vec<(String, String)>,
    /// Why it was refused.
    pub error: Option<Error>,
    /// What reading the uploaded package told, when that is why.
    pub report: Option<Report>,
}

impl FormOutcome {
    /// What was typed into this field.
    pub fn value(&self, field: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// What was typed into this field, or nothing.
    pub fn typed(&self, field: &str) -> String {
        self.value(field).unwrap_or_default().to_owned()
    }

    /// What is wrong with this field.
    pub fn field_error(&self, field: &str) -> Option<String> {
        self.error.as_ref()?.field(field).map(str::to_owned)
    }
}

/// The outcome that the server rendered this page with, the same in the browser while it hydrates. Call it first thing
/// in a page: it takes part in the order of what both sides share.
pub fn form_outcome() -> FormOutcome {
    SharedValue::new(|| use_context::<FormOutcome>().unwrap_or_default()).into_inner()
}

/// The hidden field of every form that writes: its ID, so that sending it twice does its work once.
pub const IDEMPOTENCY_KEY: &str = "idempotency_key";
/// The field of an action's reason.
pub const REASON: &str = "reason";

/// The prefix of the fields that carry a configuration value; the name of the variable or file follows.
pub const VALUE: &str = "value:";
/// The prefix of the fields that say that the name has a value already, or shall have an empty one.
pub const KEEP_EMPTY: &str = "keep-empty:";

/// What is wrong with a text of more than `limit` characters, as it is typed and as it is sent. Fields have no
/// `maxlength`: it would cut what is pasted without a word.
pub fn too_long(text: &str, limit: usize) -> Option<String> {
    let length = text.trim().chars().count();
    (length > limit).then(|| format!("It has {length} characters; at most {limit} are possible."))
}

/// Which configuration values a sent form sets. A field left empty sets nothing, unless the form says of the same name
/// that empty is meant: nobody shall set every variable to nothing by filling in one of them.
pub fn configuration_values(fields: &[(String, String)]) -> Vec<(String, String)> {
    let empty_is_meant = |name: &str| fields.iter().any(|(field, _)| field.strip_prefix(KEEP_EMPTY) == Some(name));
    let named = fields.iter().filter_map(|(field, value)| Some((field.strip_prefix(VALUE)?, value)));
    let set = named.filter(|(name, value)| !value.is_empty() || empty_is_meant(name));
    // A form that is posted sends the line breaks of a file as CR LF, whatever was typed.
    set.map(|(name, value)| (name.to_owned(), value.replace("\r\n", "\n"))).collect()
}

/// The fields of the form that is being sent, in their order; files are left out. Nothing on the server, where no form
/// is ever sent from.
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
