//! What the body of a request may hold. Every route declares it, and it is checked before anything is made of the body,
//! so that work is never in proportion to what a stranger sends.

use crate::web::form::FormField;

/// The limits of one route's bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimits {
    /// Bytes of the whole body.
    pub bytes: usize,
    /// Values in it: the fields of a form, or the strings, numbers and brackets of JSON.
    pub values: usize,
    /// The fields that a form may have. What is sent besides them is dropped, and never shown again.
    pub fields: &'static [FormField],
    /// The body is a file, which the handler reads as it arrives, within limits of its own.
    pub is_streamed: bool,
}

/// A reason of 500 characters and some names, written as `%F0%9F%98%80` at worst.
const SMALL: usize = 64 * 1024;

/// Values of 900 KiB in all, which become up to three times as long when every character is written as `%XX`, and their
/// names.
const CONFIGURATION: usize = 3 * 1024 * 1024;

/// Variables and files that are set at once: four times as many as the check warns of.
const MOST_CONFIGURED: usize = 4_000;

/// Fields that extensions of browsers add, and fields sent twice.
const SPARE: usize = 8;

impl BodyLimits {
    /// For requests that only ask. A browser sends nothing then; what others send is not read.
    pub const NONE: BodyLimits = BodyLimits { bytes: 1024, values: 1, fields: &[], is_streamed: false };

    /// A package beside some small fields.
    pub const UPLOAD: BodyLimits = BodyLimits { bytes: SMALL, values: SPARE, fields: &[], is_streamed: true };

    /// The arguments of a server function.
    pub const ARGUMENTS: BodyLimits = BodyLimits { bytes: SMALL, values: 64, fields: &[], is_streamed: false };

    /// The arguments of the server function that sets configuration values: each is a pair in brackets.
    pub const CONFIGURATION_ARGUMENTS: BodyLimits =
        BodyLimits { bytes: CONFIGURATION, values: 4 * MOST_CONFIGURED, fields: &[], is_streamed: false };

    /// The form of configuration values. Each value may have a second field, which says that empty is meant.
    pub const CONFIGURATION_FORM: BodyLimits = BodyLimits {
        bytes: CONFIGURATION,
        values: 2 * MOST_CONFIGURED,
        fields: &[
            FormField::all_that_begin_with(app::forms::VALUE, CONFIGURATION),
            FormField::all_that_begin_with(app::forms::KEEP_EMPTY, 16),
            FormField::line(app::forms::IDEMPOTENCY_KEY),
        ],
        is_streamed: false,
    };

    /// Any other form.
    pub const fn form(fields: &'static [FormField]) -> BodyLimits {
        BodyLimits { bytes: SMALL, values: fields.len() + SPARE, fields, is_streamed: false }
    }

    /// Whether a few of such bodies are all that shall be in memory at once.
    pub fn is_large(&self) -> bool {
        self.bytes > SMALL
    }
}

/// Counts the values in a body without making anything of them: what separates them is enough.
pub(super) fn values(body: &[u8], is_json: bool) -> usize {
    if body.is_empty() {
        return 0;
    }
    if !is_json {
        return 1 + body.iter().filter(|byte| **byte == b'&').count();
    }
    let (mut count, mut in_text, mut is_escaped) = (1, false, false);
    for byte in body {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            b',' | b'[' | b'{' if !in_text => count += 1,
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_by_what_separates_them() {
        for (form, count) in [("", 0), ("a=1", 1), ("a=1&b=2", 2), ("a&&&", 4)] {
            assert_eq!(values(form.as_bytes(), false), count, "{form}");
        }
        for (json, count) in
            [("{}", 2), (r#"{"a":"x,[{\",["}"#, 2), (r#"{"a":[1,2,3],"b":{}}"#, 7), (r#"["#, 2), (r#""\\",1"#, 2)]
        {
            assert_eq!(values(json.as_bytes(), true), count, "{json}");
        }
    }
}
