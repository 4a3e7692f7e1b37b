//! The desk that a package lies on while it is checked and uploaded: what is known of it, and how far it has come.
//! It belongs to the page, so that it survives when the list of versions beside it is read again.

use std::sync::Arc;

use krt::package::Report;
use leptos::prelude::*;
use serde::Deserialize;

use super::browser;
use crate::error::{Error, ErrorKind};

/// What lies on the desk of one page.
#[derive(Clone, Copy)]
pub struct UploadState {
    /// The runtime that it would become a version of.
    pub(super) runtime: RwSignal<String>,
    pub(super) step: RwSignal<Step>,
    /// Bytes read while it is checked.
    pub(super) read: RwSignal<u64>,
    pub(super) sending: RwSignal<Sending>,
    pub(super) reason: RwSignal<String>,
    /// A file is held over the page.
    pub(super) is_dragged_over: RwSignal<bool>,
}

#[derive(Clone, Default)]
pub(super) enum Step {
    #[default]
    Empty,
    Reading {
        file: String,
        size: u64,
    },
    /// The browser cannot read or check it; in words.
    Unreadable {
        file: String,
        why: String,
    },
    Read(Arc<Checked>),
}

/// A file that was read to its end.
pub(super) struct Checked {
    pub file: String,
    pub report: Report,
    /// How it came about: `checked in your browser in 6 ms, nothing uploaded yet`.
    pub note: String,
    /// Makes a second sending of the same file answer with the first one's result.
    pub idempotency_key: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Sending {
    #[default]
    Not,
    Under {
        sent: u64,
        total: u64,
    },
    Refused(Error),
    /// Given up by the person; when every byte had been sent, too late to say what becomes of it.
    Cancelled {
        is_all_sent: bool,
    },
    /// It is a version now; its name.
    Done(String),
}

impl UploadState {
    fn new() -> UploadState {
        UploadState {
            runtime: RwSignal::default(),
            step: RwSignal::default(),
            read: RwSignal::default(),
            sending: RwSignal::default(),
            reason: RwSignal::default(),
            is_dragged_over: RwSignal::default(),
        }
    }

    /// The desk for this runtime: the page's own, cleared when it was another runtime's.
    pub(super) fn of(runtime: &str) -> UploadState {
        let upload_state = use_context::<UploadState>().unwrap_or_else(provide_upload_state);
        if upload_state.runtime.with_untracked(|of| of != runtime) {
            browser::put_away(upload_state);
            upload_state.clear();
            upload_state.runtime.set(runtime.to_owned());
        }
        upload_state
    }

    pub(super) fn clear(self) {
        self.step.set(Step::Empty);
        self.sending.set(Sending::Not);
    }

    /// Takes in what the server answered to an upload.
    pub(super) fn answered(self, status: u16, body: &str) {
        match answer(status, body) {
            Answer::Created(version) => self.sending.set(Sending::Done(version)),
            Answer::Refused(error) => self.sending.set(Sending::Refused(error)),
            Answer::Problems(error, report) => {
                if let Step::Read(checked) = self.step.get_untracked() {
                    let note = "checked again by the server, nothing of it is kept".to_owned();
                    let (file, idempotency_key) = (checked.file.clone(), checked.idempotency_key.clone());
                    self.step.set(Step::Read(Arc::new(Checked { file, report: *report, note, idempotency_key })));
                }
                self.sending.set(Sending::Refused(error));
            }
        }
    }
}

/// Gives the page a desk; call it outside of everything that is rendered again.
pub fn provide_upload_state() -> UploadState {
    let upload_state = UploadState::new();
    provide_context(upload_state);
    on_cleanup(move || browser::put_away(upload_state));
    upload_state
}

/// What the server says to an upload.
#[derive(Debug, PartialEq)]
enum Answer {
    Created(String),
    Refused(Error),
    /// Its own check found what ours did not.
    Problems(Error, Box<Report>),
}

#[derive(Deserialize)]
struct Created {
    version: String,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(flatten)]
    error: Error,
    #[serde(default)]
    report: Option<Box<Report>>,
}

fn answer(status: u16, body: &str) -> Answer {
    if let (200..300, Ok(created)) = (status, serde_json::from_str::<Created>(body)) {
        return Answer::Created(created.version);
    }
    match (serde_json::from_str::<Refusal>(body), status) {
        (Ok(Refusal { error, report: Some(report) }), _) => Answer::Problems(error, report),
        (Ok(Refusal { error, report: None }), _) => Answer::Refused(error),
        // Not from the console itself: a proxy on the way, perhaps, with a limit of its own.
        (Err(_), 401) => Answer::Refused(Error::new(ErrorKind::SignedOut, "Your session has ended.")),
        (Err(_), 413) => Answer::Refused(Error::new(
            ErrorKind::StorageFull,
            "The package is larger than the server, or a proxy before it, takes.",
        )),
        (Err(_), status) => Answer::Refused(Error::new(
            ErrorKind::Internal,
            format!("The server answered with status {status}. Try it again."),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_created_version_is_known_by_its_name() {
        assert_eq!(answer(201, r#"{"version":"v1"}"#), Answer::Created("v1".to_owned()));
    }

    #[test]
    fn a_refusal_comes_in_the_servers_words() {
        let body = r#"{"kind":"conflict","message":"Taken.","fields":[{"field":"package","message":"Taken."}]}"#;
        let wanted = Error::new(ErrorKind::Conflict, "Taken.").with_field("package", "Taken.");
        assert_eq!(answer(409, body), Answer::Refused(wanted));
    }

    #[test]
    fn problems_that_only_the_server_found_come_with_its_report() {
        let report = serde_json::to_string(&Report::default()).unwrap();
        let body = format!(r#"{{"kind":"invalid","message":"Refused.","fields":[],"report":{report}}}"#);
        let wanted = Error::new(ErrorKind::Invalid, "Refused.");
        assert_eq!(answer(422, &body), Answer::Problems(wanted, Box::default()));
    }

    #[test]
    fn answers_of_others_become_words() {
        for (status, kind) in [(401, ErrorKind::SignedOut), (413, ErrorKind::StorageFull), (502, ErrorKind::Internal)] {
            match answer(status, "<html>proxy</html>") {
                Answer::Refused(error) => assert_eq!(error.kind, kind),
                other => panic!("{other:?}"),
            }
        }
    }
}
