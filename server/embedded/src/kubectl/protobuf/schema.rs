//! The messages of Kubernetes' `generated.proto` files for the supported kinds, listed in `messages.txt`.
//!
//! A line is either the name of a message or one of its fields: number, name in JSON (`.` for an inlined message, `?`
//! before a field that JSON omits when it is zero), and form (`*` for a list, `{` for a map from strings to that form).

use std::collections::HashMap;
use std::sync::LazyLock;

static MESSAGES: LazyLock<HashMap<&'static str, Vec<Field>>> = LazyLock::new(|| read(include_str!("messages.txt")));

/// How a value is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireForm {
    Text,
    Bytes,
    Number,
    Flag,
    Time,
    MicroTime,
    Quantity,
    IntOrString,
    /// Embedded JSON.
    Raw,
    Message(&'static str),
}

/// A field of a message.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub number: u32,
    pub name: &'static str,
    pub form: WireForm,
    pub is_list: bool,
    pub is_map: bool,
    pub zero_is_nothing: bool,
}

/// The fields of a message; `None` when it is unknown.
pub fn message(name: &str) -> Option<&'static [Field]> {
    MESSAGES.get(name).map(Vec::as_slice)
}

fn read(text: &'static str) -> HashMap<&'static str, Vec<Field>> {
    let mut messages: HashMap<&'static str, Vec<Field>> = HashMap::new();
    let mut present = "";
    for line in text.lines() {
        match line.strip_prefix(' ') {
            None => {
                present = line;
                messages.insert(line, Vec::new());
            }
            Some(line) => messages.entry(present).or_default().extend(field(line)),
        }
    }
    messages
}

fn field(line: &'static str) -> Option<Field> {
    let mut words = line.split(' ');
    let (number, name, form) = (words.next()?.parse().ok()?, words.next()?, words.next()?);
    let bare = form.trim_start_matches(['*', '{']);
    let form_of = match bare {
        "text" => WireForm::Text,
        "bytes" => WireForm::Bytes,
        "number" => WireForm::Number,
        "flag" => WireForm::Flag,
        "Time" => WireForm::Time,
        "MicroTime" => WireForm::MicroTime,
        "Quantity" => WireForm::Quantity,
        "IntOrString" => WireForm::IntOrString,
        "Raw" => WireForm::Raw,
        message => WireForm::Message(message),
    };
    Some(Field {
        number,
        name: name.trim_start_matches('?'),
        form: form_of,
        is_list: form.starts_with('*'),
        is_map: form.starts_with('{'),
        zero_is_nothing: name.starts_with('?'),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{KINDS, REVIEWS};

    #[test]
    fn every_line_is_parsed_and_every_referenced_message_exists() {
        let lines = include_str!("messages.txt").lines().filter(|line| line.starts_with(' ')).count();
        assert_eq!(MESSAGES.values().map(Vec::len).sum::<usize>(), lines);
        for (name, fields) in MESSAGES.iter() {
            for field in fields {
                if let WireForm::Message(inner) = field.form {
                    assert!(message(inner).is_some(), "{name} {field:?}");
                }
            }
        }
    }

    #[test]
    fn every_kind_has_a_message() {
        let kinds = KINDS.iter().map(|kind| kind.kind).chain(REVIEWS.map(|(_, kind)| kind));
        for kind in kinds.chain(["Scale", "Eviction", "DeleteOptions"]) {
            assert!(message(kind).is_some(), "{kind}");
        }
    }
}
