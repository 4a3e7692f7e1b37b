//! The state of the current upload, from the check of a package to the new version. It belongs to the page, so that it
//! survives when the list of versions beside it is reloaded.

use std::sync::Arc;

use krt::outline::Outline;
use krt::package::Report;
use leptos::prelude::*;
use serde::Deserialize;

use crate::error::{Error, ErrorKind};

/// The current upload of one page.
#[derive(Clone, Copy)]
pub struct UploadState {
    /// The runtime that the version is added to.
    pub(super) runtime: RwSignal<String>,
    pub(super) step: RwSignal<Step>,
    /// Bytes read so far by the check.
    pub(super) read: RwSignal<u64>,
    pub(super) sending: RwSignal<Sending>,
    pub(super) reason: RwSignal<String>,
    /// A file is being dragged over the page.
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
    /// The browser cannot read or check the file; `why` is shown to the user.
    Unreadable {
        file: String,
        why: String,
    },
    Read(Arc<CheckedFile>),
}

/// A file that was read to its end.
pub(super) struct CheckedFile {
    pub file: String,
    pub report: Report<Outline>,
    /// Where and how fast it was checked: `checked in your browser in 6 ms; nothing uploaded yet`.
    pub note: String,
    /// Makes a repeated upload of the same file return the result of the first.
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
    /// Canceled by the user. When every byte had been sent, the server may still store the package.
    Canceled {
        is_all_sent: bool,
    },
    /// The upload is a version now; holds its name.
    Done(String),
}

impl UploadState {
    pub(super) fn new() -> UploadState {
        UploadState {
            runtime: RwSignal::default(),
            step: RwSignal::default(),
            read: RwSignal::default(),
            sending: RwSignal::default(),
            reason: RwSignal::default(),
            is_dragged_over: RwSignal::default(),
        }
    }

    pub(super) fn clear(self) {
        self.step.set(Step::Empty);
        self.sending.set(Sending::Not);
    }

    /// Applies the server's response to an upload.
    pub(super) fn answered(self, status: u16, body: &str) {
        match answer(status, body) {
            Answer::Created(version) => self.sending.set(Sending::Done(version)),
            Answer::Refused(error) => self.sending.set(Sending::Refused(error)),
            Answer::Problems(error, report) => {
                if let Step::Read(checked) = self.step.get_untracked() {
                    let note = "checked by the server; nothing was stored".to_owned();
                    let (file, idempotency_key) = (checked.file.clone(), checked.idempotency_key.clone());
                    self.step.set(Step::Read(Arc::new(CheckedFile { file, report: *report, note, idempotency_key })));
                }
                self.sending.set(Sending::Refused(error));
            }
        }
    }
}

/// The server's response to an upload.
#[derive(Debug, PartialEq)]
enum Answer {
    Created(String),
    Refused(Error),
    /// The server's check found problems that the browser's check did not.
    Problems(Error, Box<Report<Outline>>),
}

#[derive(Deserialize)]
struct Created {
    version: String,
}

/// What a refusal has beside the fields of its [`Error`].
#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    report: Option<Box<Report<Outline>>>,
}

fn answer(status: u16, body: &str) -> Answer {
    if let (200..300, Ok(created)) = (status, serde_json::from_slice::<Created>(body.as_bytes())) {
        return Answer::Created(created.version);
    }
    match (serde_json::from_slice::<Error>(body.as_bytes()), status) {
        (Ok(error), _) => match serde_json::from_slice(body.as_bytes()) {
            Ok(Refusal { report: Some(report) }) => Answer::Problems(error, report),
            _ => Answer::Refused(error),
        },
        // Not an answer of the console: possibly of a proxy with its own limit.
        (Err(_), 401) => Answer::Refused(Error::new(ErrorKind::SignedOut, "Your session has ended.")),
        (Err(_), 413) => Answer::Refused(Error::new(
            ErrorKind::StorageFull,
            "The package is too large for the server or a proxy in front of it. Ask your admin to raise the limit.",
        )),
        (Err(_), status) => Answer::Refused(Error::new(
            ErrorKind::Internal,
            format!("The server answered with status {status}. Try again."),
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
    fn a_refusal_keeps_the_servers_message() {
        let body = r#"{"kind":"conflict","message":"Taken.","fields":[{"field":"package","message":"Taken."}]}"#;
        let wanted = Error::new(ErrorKind::Conflict, "Taken.").with_field("package", "Taken.");
        assert_eq!(answer(409, body), Answer::Refused(wanted));
    }

    #[test]
    fn problems_that_only_the_server_found_come_with_its_report() {
        let report = serde_json::to_string(&Report::<Outline>::default()).unwrap();
        let body = format!(r#"{{"kind":"invalid","message":"Refused.","fields":[],"report":{report}}}"#);
        let wanted = Error::new(ErrorKind::Invalid, "Refused.");
        assert_eq!(answer(422, &body), Answer::Problems(wanted, Box::default()));
    }

    #[test]
    fn answers_that_are_not_the_consoles_become_messages() {
        for (status, kind) in [(401, ErrorKind::SignedOut), (413, ErrorKind::StorageFull), (502, ErrorKind::Internal)] {
            match answer(status, "<html>proxy</html>") {
                Answer::Refused(error) => assert_eq!(error.kind, kind),
                other => panic!("{other:?}"),
            }
        }
    }
}
