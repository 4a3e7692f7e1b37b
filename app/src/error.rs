//! What goes wrong, as the caller is told it. The HTTP status is decided here, in one place.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// An answer that is not the wanted one: in words for people, with a way on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    pub kind: ErrorKind,
    /// One or two sentences: what is wrong, and what to do next.
    pub message: String,
    /// What is wrong with which field of the form.
    pub fields: Vec<FieldError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// No session, or an expired one: 401.
    SignedOut,
    /// Known, readable, and yet not allowed to this role: 403.
    Forbidden,
    /// Not there, or not for this caller: 404.
    NotFound,
    /// The state of things does not allow it: 409.
    Conflict,
    /// A field is wrong: 422.
    Invalid,
    /// Too large, by the quota or by the disk: 507.
    StorageFull,
    /// The cluster or the store does not answer: 503.
    Unavailable,
    /// Our own fault; logged with the ID that the message names: 500.
    Internal,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The `name` of the form's field.
    pub field: String,
    pub message: String,
}

impl Error {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), fields: Vec::new() }
    }

    /// The same with what is wrong with one field.
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
    /// What is wrong with this field of the form.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.field == name).map(|field| field.message.as_str())
    }
}

/// What the way to the server function itself can do wrong.
impl FromServerFnError for Error {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Error {
        match error {
            ServerFnErrorErr::Request(_) => {
                Error::new(ErrorKind::Unavailable, "The console cannot be reached. Check the connection and try again.")
            }
            // On the server it is the arguments that could not be read, in the browser the answer.
            #[cfg(feature = "ssr")]
            ServerFnErrorErr::Deserialization(_) => {
                Error::new(ErrorKind::Invalid, "The request was not understood. Reload the page and try again.")
            }
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                Error::new(ErrorKind::Invalid, "The request was not understood. Reload the page and try again.")
            }
            _ => Error::new(
                ErrorKind::Internal,
                "The console and this page do not understand each other. Reload the page and try again.",
            ),
        }
    }
}
