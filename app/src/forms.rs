//! A form that came back: what was typed and what was wrong with it.
//!
//! Forms are posted to plain routes of the server. When one is refused, the server renders the form's own page again
//! with a [`FormOutcome`] in context and the error's status, so that nothing typed is lost, with or without JavaScript.

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
