//! Validates input: trims it, checks it, and reports what is wrong with each field.

use app::error::{Error, ErrorKind};
use app::forms::too_long;
use app::model::{DESCRIPTION_LIMIT, NAME_LIMIT, NewRuntime, REASON_LIMIT};
use krt::ids;

mod characters;
pub(super) use characters::is_hidden;
use characters::{hidden_in_a_name, hidden_in_a_text};

/// Validates a reason and returns it trimmed.
pub(super) fn reason(typed: &str) -> Result<String, Error> {
    let reason = typed.trim();
    let fault = match too_long(reason, REASON_LIMIT) {
        Some(fault) => fault,
        None if reason.is_empty() => "Enter a reason for the audit log.".to_owned(),
        None => match hidden_in_a_text(reason) {
            Some(hidden) => cannot_be_seen(hidden),
            None => return Ok(reason.to_owned()),
        },
    };
    Err(Error::new(ErrorKind::Invalid, fault.clone()).with_field("reason", fault))
}

/// Validates the fields of a new runtime and returns them trimmed, with proposals for empty ones.
pub(super) fn new_runtime(typed: NewRuntime) -> Result<NewRuntime, Error> {
    let name = typed.name.trim().to_owned();
    let mut id = typed.id.trim().to_owned();
    if id.is_empty() {
        id = ids::propose_runtime_id(&name);
    }
    let mut namespace = typed.namespace.trim().to_owned();
    if namespace.is_empty() {
        namespace = ids::propose_namespace(&id);
    }
    let description = typed.description.trim().to_owned();

    let mut error = Error::new(ErrorKind::Invalid, "The runtime was not created: some fields are invalid.");
    if let Some(fault) = name_fault(&name) {
        error = error.with_field("name", fault);
    } else if name.is_empty() {
        error = error.with_field("name", "Enter a name that people recognize.");
    }
    if id.is_empty() {
        error = error.with_field("id", "Enter an ID: lowercase letters a to z, digits and hyphens.");
    } else if let Some(fault) = ids::runtime_id_fault(&id) {
        error = error.with_field("id", fault);
    }
    if let Some(fault) = ids::namespace_fault(&namespace)
        .filter(|_| !typed.namespace.trim().is_empty() || ids::runtime_id_fault(&id).is_none())
    {
        error = error.with_field("namespace", fault);
    }
    if let Some(fault) = text_fault(&description) {
        error = error.with_field("description", fault);
    }
    if error.fields.is_empty() {
        Ok(NewRuntime { id, name, description, namespace, idempotency_key: typed.idempotency_key })
    } else {
        Err(error)
    }
}

/// What is wrong with a runtime's name, except that it is empty.
fn name_fault(name: &str) -> Option<String> {
    let looks = || {
        let (found, like) = characters::lookalike(name)?;
        let number = u32::from(found);
        Some(format!(
            "Contains `{found}` (U+{number:04X}), which looks like `{like}` but is a different character. Retype it."
        ))
    };
    too_long(name, NAME_LIMIT).or_else(|| hidden_in_a_name(name).map(cannot_be_seen)).or_else(looks)
}

fn text_fault(text: &str) -> Option<String> {
    too_long(text, DESCRIPTION_LIMIT).or_else(|| hidden_in_a_text(text).map(cannot_be_seen))
}

fn cannot_be_seen(hidden: char) -> String {
    format!("Contains the invisible character U+{:04X}. Remove it or retype the text.", u32::from(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(id: &str, name: &str) -> NewRuntime {
        NewRuntime { id: id.to_owned(), name: name.to_owned(), ..NewRuntime::default() }
    }

    #[test]
    fn empty_fields_get_proposals() {
        let runtime = new_runtime(typed("", " Fraud Detection ")).unwrap();
        assert_eq!((runtime.id.as_str(), runtime.namespace.as_str()), ("fraud-detection", "kre-fraud-detection"));
        assert_eq!(runtime.name, "Fraud Detection");
    }

    #[test]
    fn all_invalid_fields_are_reported_at_once() {
        let mut wrong = typed("No!", &"x".repeat(61));
        wrong.namespace = "kube-system".to_owned();
        wrong.description = "\u{202e}".to_owned();
        let error = new_runtime(wrong).unwrap_err();
        let fields: Vec<_> = error.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, ["name", "id", "namespace", "description"]);
    }

    #[test]
    fn a_deceptive_character_is_reported_with_its_code_point() {
        for (name, message) in [
            ("Fraud d\u{435}tection", "Contains `е` (U+0435), which looks like `e`"),
            ("Fraud\u{200b}detection", "invisible character U+200B"),
        ] {
            let error = new_runtime(typed("fraud", name)).unwrap_err();
            assert!(error.field("name").is_some_and(|fault| fault.contains(message)), "{error:?}");
        }
    }

    #[test]
    fn an_empty_form_asks_for_a_name_and_an_id_only() {
        let error = new_runtime(NewRuntime::default()).unwrap_err();
        let fields: Vec<_> = error.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, ["name", "id"]);
    }

    #[test]
    fn a_reason_is_neither_empty_nor_too_long() {
        assert_eq!(reason("  nightly release \n").as_deref(), Ok("nightly release"));
        assert_eq!(reason(&"ä".repeat(REASON_LIMIT)).map(|reason| reason.chars().count()), Ok(REASON_LIMIT));
        for wrong in ["", " \n ", &"ä".repeat(REASON_LIMIT + 1), "bell\u{7}", "a\u{200b}b"] {
            assert!(reason(wrong).unwrap_err().field("reason").is_some(), "{wrong:?}");
        }
    }
}
