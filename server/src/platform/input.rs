//! What people type: trimmed, checked, and refused with what is wrong beside each field.

use app::error::{Error, ErrorKind};
use app::forms::too_long;
use app::model::{DESCRIPTION_LIMIT, NAME_LIMIT, NewRuntime, REASON_LIMIT};
use krt::ids;

mod characters;
pub(super) use characters::is_hidden;
use characters::{hidden_in_a_name, hidden_in_a_text};

/// A reason, trimmed.
pub(super) fn reason(typed: &str) -> Result<String, Error> {
    let reason = typed.trim();
    let fault = match too_long(reason, REASON_LIMIT) {
        Some(fault) => fault,
        None if reason.is_empty() => "Say why in a few words; it is kept in the audit.".to_owned(),
        None => match hidden_in_a_text(reason) {
            Some(hidden) => cannot_be_seen(hidden),
            None => return Ok(reason.to_owned()),
        },
    };
    Err(Error::new(ErrorKind::Invalid, fault.clone()).with_field("reason", fault))
}

/// A runtime's fields, trimmed, with what is proposed for those left empty.
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

    let mut error = Error::new(ErrorKind::Invalid, "The runtime was not created: some fields need another look.");
    if let Some(fault) = name_fault(&name) {
        error = error.with_field("name", fault);
    } else if name.is_empty() {
        error = error.with_field("name", "Give it a name that people recognise.");
    }
    if id.is_empty() {
        error = error.with_field("id", "Give it an ID: lower-case letters a to z, digits and hyphens.");
    } else if let Some(fault) = ids::runtime_id_fault(&id) {
        error = error.with_field("id", fault);
    }
    if let Some(fault) =
        ids::namespace_fault(&namespace).filter(|_| !id.is_empty() || !typed.namespace.trim().is_empty())
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

/// What is wrong with a runtime's name besides its being empty.
fn name_fault(name: &str) -> Option<String> {
    let looks = || {
        let (found, like) = characters::lookalike(name)?;
        let number = u32::from(found);
        Some(format!(
            "It contains `{found}` (U+{number:04X}), which looks like `{like}` and is another character. Type it anew."
        ))
    };
    too_long(name, NAME_LIMIT).or_else(|| hidden_in_a_name(name).map(cannot_be_seen)).or_else(looks)
}

fn text_fault(text: &str) -> Option<String> {
    too_long(text, DESCRIPTION_LIMIT).or_else(|| hidden_in_a_text(text).map(cannot_be_seen))
}

fn cannot_be_seen(hidden: char) -> String {
    format!(
        "It contains a character that cannot be seen, U+{:04X}. Remove it, or type the text anew.",
        u32::from(hidden)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(id: &str, name: &str) -> NewRuntime {
        NewRuntime { id: id.to_owned(), name: name.to_owned(), ..NewRuntime::default() }
    }

    #[test]
    fn what_was_left_empty_is_proposed() {
        let runtime = new_runtime(typed("", " Fraud Detection ")).unwrap();
        assert_eq!((runtime.id.as_str(), runtime.namespace.as_str()), ("fraud-detection", "kre-fraud-detection"));
        assert_eq!(runtime.name, "Fraud Detection");
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let mut wrong = typed("No!", &"x".repeat(61));
        wrong.namespace = "kube-system".to_owned();
        wrong.description = "\u{202e}".to_owned();
        let error = new_runtime(wrong).unwrap_err();
        let fields: Vec<_> = error.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, ["name", "id", "namespace", "description"]);
    }

    #[test]
    fn a_character_that_lies_is_named_with_its_number() {
        for (name, words) in [
            ("Fraud d\u{435}tection", "It contains `е` (U+0435), which looks like `e`"),
            ("Fraud\u{200b}detection", "cannot be seen, U+200B"),
        ] {
            let error = new_runtime(typed("fraud", name)).unwrap_err();
            assert!(error.field("name").is_some_and(|fault| fault.contains(words)), "{error:?}");
        }
    }

    #[test]
    fn an_empty_form_asks_for_a_name_and_an_id_only() {
        let error = new_runtime(NewRuntime::default()).unwrap_err();
        let fields: Vec<_> = error.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, ["name", "id"]);
    }

    #[test]
    fn a_reason_has_something_to_say_and_is_not_endless() {
        assert_eq!(reason("  nightly release \n").as_deref(), Ok("nightly release"));
        assert_eq!(reason(&"ä".repeat(REASON_LIMIT)).map(|reason| reason.chars().count()), Ok(REASON_LIMIT));
        for wrong in ["", " \n ", &"ä".repeat(REASON_LIMIT + 1), "bell\u{7}", "a\u{200b}b"] {
            assert!(reason(wrong).unwrap_err().field("reason").is_some(), "{wrong:?}");
        }
    }
}
