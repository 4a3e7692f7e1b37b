//! Submitted forms that come back: the values and the errors.
//!
//! Forms are posted to plain routes of the server. When a form is refused, the server renders its page again with a
//! [`FormOutcome`] in context and the error's status, so that typed values are kept, with or without JavaScript.

use krt::outline::Outline;
use krt::package::Report;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};
use crate::resource::shared;

/// The result of a refused form; empty on the first visit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormOutcome {
    /// The fields as sent, in order, without files.
    pub values: Vec<(String, String)>,
    /// The reason for the refusal.
    pub error: Option<Error>,
    /// The report of the uploaded package, when it is the reason. The browser gets it as JSON (`package::refused_report`),
    /// so that other forms need not read reports.
    #[serde(skip)]
    pub report: Option<Report<Outline>>,
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
    shared(|| use_context::<FormOutcome>().unwrap_or_default())
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

/// The value of a ticked box "Leave empty on purpose".
pub const TICKED: &str = "ticked";

/// Returns the configuration values that a submitted form sets. An empty field sets nothing unless the form says for
/// the same name that an empty value is meant; otherwise filling in one variable would set all others to empty. Fails
/// with the fields that have a value and whose box says that they are empty on purpose.
pub fn configuration_values(fields: &[(String, String)]) -> Result<Vec<(String, String)>, Error> {
    let mut set = Vec::new();
    let mut error = Error::new(ErrorKind::Invalid, "Nothing was saved: some fields have a value and a ticked box.");
    for (field, value) in fields {
        let Some(name) = field.strip_prefix(VALUE) else { continue };
        let kept = fields.iter().find(|(field, _)| field.strip_prefix(KEEP_EMPTY) == Some(name));
        match kept.map(|(_, kept)| kept.as_str()) {
            None if value.is_empty() => {}
            Some(TICKED) if !value.is_empty() => {
                error = error.with_field(name, "Enter a value or tick the box, not both.");
            }
            // Browsers post line breaks as CR LF, independent of the typed text.
            _ => set.push((name.to_owned(), value.replace("\r\n", "\n"))),
        }
    }
    if error.fields.is_empty() { Ok(set) } else { Err(error) }
}

/// Focuses the first field of the page that has an error, as soon as the page shows it.
pub fn focus_first_wrong() {
    #[cfg(feature = "hydrate")]
    request_animation_frame(|| {
        use wasm_bindgen::JsCast;

        let first = document().query_selector(".wrong :is(input, textarea, select)");
        if let Ok(Some(first)) = first
            && let Some(first) = first.dyn_ref::<web_sys::HtmlElement>()
        {
            let _ = first.focus();
        }
    });
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
        assert_eq!(set, Ok(vec![("A".to_owned(), "1".to_owned()), ("C".to_owned(), String::new())]));
    }

    #[test]
    fn a_value_whose_box_says_empty_is_an_error_of_its_field() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let both = [field("value:A", "1"), field("value:B", "2"), field("keep-empty:B", TICKED), field("value:C", "3")];
        let error = configuration_values(&both).expect_err("B has both");
        assert_eq!(error.fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>(), ["B"]);
        // The hidden field of a value that is set already is no box.
        let set = [field("value:A", "1"), field("keep-empty:A", "on")];
        assert_eq!(configuration_values(&set), Ok(vec![field("A", "1")]));
    }
}
