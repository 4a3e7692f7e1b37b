//! Limits of request bodies. Every route declares its limits, and they are checked before the body is parsed, so that
//! the work does not grow with what a stranger sends.

use super::fields::FormField;

/// The limits of one route's bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimits {
    /// Maximum bytes of the whole body.
    pub bytes: usize,
    /// Maximum number of values: the fields of a form, or the strings, numbers and brackets of JSON.
    pub values: usize,
    /// The fields of a form. Other fields are dropped and never shown again.
    pub fields: &'static [FormField],
    /// Whether the body is a file that the handler reads as a stream, within its own limits.
    pub is_streamed: bool,
}

/// Enough for a reason of 500 characters and some names, each character written as `%F0%9F%98%80` at worst.
const SMALL: usize = 64 * 1024;

/// Enough for values of 900 KiB in total and their names; encoding every byte as `%XX` makes them three times as long.
const CONFIGURATION: usize = 3 * 1024 * 1024;

/// Maximum variables and files set at once: four times the number from which the check warns.
const MOST_CONFIGURED: usize = 4_000;

/// Allowance for fields that browser extensions add and for duplicate fields.
const SPARE: usize = 8;

impl BodyLimits {
    /// For requests that only read. Browsers send no body with them; other bodies are not read.
    pub const NONE: BodyLimits = BodyLimits { bytes: 1024, values: 1, fields: &[], is_streamed: false };

    /// A package and some small fields.
    pub const UPLOAD: BodyLimits = BodyLimits { bytes: SMALL, values: SPARE, fields: &[], is_streamed: true };

    /// The arguments of a server function.
    pub const ARGUMENTS: BodyLimits = BodyLimits { bytes: SMALL, values: 64, fields: &[], is_streamed: false };

    /// The arguments of the server function that sets configuration values: each is a pair in brackets.
    pub const CONFIGURATION_ARGUMENTS: BodyLimits =
        BodyLimits { bytes: CONFIGURATION, values: 4 * MOST_CONFIGURED, fields: &[], is_streamed: false };

    /// The form of configuration values. Each value may have a second field that confirms an empty value.
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

    /// Whether the number of such bodies in memory is limited.
    pub fn is_large(&self) -> bool {
        self.bytes > SMALL
    }
}

/// Counts the values in a body by their separators, without parsing it.
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
    fn values_are_counted_by_their_separators() {
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
