//! Errors as callers receive them. Maps each kind to its HTTP status.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// An error with a message for the user that says how to continue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    pub kind: ErrorKind,
    /// One or two sentences: what is wrong, and what to do next.
    pub message: String,
    /// The errors of individual form fields.
    pub fields: Vec<FieldError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// No session, or an expired one: 401.
    SignedOut,
    /// The caller may see it, but their role does not allow the request: 403.
    Forbidden,
    /// Does not exist, or the caller may not see it: 404.
    NotFound,
    /// The current state does not allow the request: 409.
    Conflict,
    /// A field or the request is invalid: 422.
    Invalid,
    /// The quota or the disk has no space left: 507.
    StorageFull,
    /// The cluster or the store does not respond: 503.
    Unavailable,
    /// A fault of the console; logged under the ID that the message contains: 500.
    Internal,
}

impl ErrorKind {
    /// The heading of a page that shows only the error.
    pub fn title(self) -> &'static str {
        match self {
            ErrorKind::SignedOut => "You are signed out",
            ErrorKind::Forbidden => "Not allowed",
            ErrorKind::NotFound => "Not found",
            ErrorKind::Conflict => "Not possible now",
            ErrorKind::Invalid => "Invalid request",
            ErrorKind::StorageFull => "Storage is full",
            ErrorKind::Unavailable => "Not available",
            ErrorKind::Internal => "Something went wrong",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The `name` attribute of the form field.
    pub field: String,
    pub message: String,
}

impl Error {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), fields: Vec::new() }
    }

    /// Adds the error of one field.
    pub fn with_field(mut self, field: &str, message: impl Into<String>) -> Error {
        self.fields.push(FieldError { field: field.to_owned(), message: message.into() });
        self
    }

    pub fn status(&self) -> u16 {
        match self.kind {
            ErrorKind::SignedOut => 401,
            ErrorKind::Forbidden => 403,
            ErrorKind::NotFound => 404,
            ErrorKind::Conflict => 409,
            ErrorKind::Invalid => 422,
            ErrorKind::StorageFull => 507,
            ErrorKind::Unavailable => 503,
            ErrorKind::Internal => 500,
        }
    }
}

impl Error {
    /// The error of this form field, if any.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.field == name).map(|field| field.message.as_str())
    }
}

/// Converts errors of the transport between page and server function.
impl FromServerFnError for Error {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Error {
        match error {
            ServerFnErrorErr::Request(_) => {
                Error::new(ErrorKind::Unavailable, "The console is not reachable. Check your connection and try again.")
            }
            // On the server the arguments could not be read; in the browser, the response.
            #[cfg(feature = "ssr")]
            ServerFnErrorErr::Deserialization(_) => {
                Error::new(ErrorKind::Invalid, "Invalid request. Reload the page and try again.")
            }
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                Error::new(ErrorKind::Invalid, "Invalid request. Reload the page and try again.")
            }
            _ => Error::new(
                ErrorKind::Internal,
                "This page cannot read the console's answer. Reload the page and try again.",
            ),
        }
    }
}
