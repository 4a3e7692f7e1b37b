//! Forms sent by a browser without JavaScript: their fields in order, and how one is refused.

use app::error::{Error, ErrorKind};
use app::forms::FormOutcome;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use crate::web::guard::BodyLimits;
use crate::web::{Web, pages, static_page};

/// Bytes of a text of several lines: a description or a reason of the limit's length many times over, so that one which
/// is too long is still shown again.
const TEXT: usize = 16 * 1024;

/// Bytes of a single line: a name, an ID, a path.
const LINE: usize = 2 * 1024;

/// A field that a form declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormField {
    name: &'static str,
    is_prefix: bool,
    /// The longest value, in bytes.
    bytes: usize,
}

impl FormField {
    pub const fn line(name: &'static str) -> FormField {
        FormField { name, is_prefix: false, bytes: LINE }
    }

    pub const fn text(name: &'static str) -> FormField {
        FormField { name, is_prefix: false, bytes: TEXT }
    }

    pub const fn all_that_begin_with(name: &'static str, bytes: usize) -> FormField {
        FormField { name, is_prefix: true, bytes }
    }

    fn is(&self, name: &str) -> bool {
        if self.is_prefix { name.starts_with(self.name) } else { name == self.name }
    }
}

/// A form as it was sent: its declared fields, and its request without the body.
pub struct SubmittedForm {
    pub request: Parts,
    pub values: Vec<(String, String)>,
}

impl SubmittedForm {
    /// What was typed into this field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The same, with nothing for a field that was not sent.
    pub fn typed(&self, name: &str) -> String {
        self.field(name).unwrap_or_default().to_owned()
    }
}

impl FromRequest<Web> for SubmittedForm {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Web) -> Result<SubmittedForm, Response> {
        let (request, body) = request.into_parts();
        let limits = limits_of(&request);
        // The guard has read the body already, and bounded it.
        let body = axum::body::to_bytes(body, limits.bytes).await;
        match body {
            Ok(body) if body.is_empty() || is_form(&request.headers) => match fields(&body, limits) {
                Ok(values) => Ok(SubmittedForm { request, values }),
                Err(error) => {
                    Err(static_page::refusal(web, &request.headers, StatusCode::PAYLOAD_TOO_LARGE, "Too large", error))
                }
            },
            _ => {
                let error = Error::new(ErrorKind::Invalid, "This is not a form of this page. Reload it and try again.");
                Err(static_page::error(web, &request.headers, error))
            }
        }
    }
}

/// What the request's route declares.
pub fn limits_of(request: &Parts) -> BodyLimits {
    request.extensions.get().copied().unwrap_or(BodyLimits::NONE)
}

/// Whether the body is what browsers make of a form without files.
pub fn is_form(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"))
}

/// The declared fields of such a form, in order, each once.
///
/// # Errors
/// Names the first field whose value is longer than it may be.
pub fn fields(body: &[u8], limits: BodyLimits) -> Result<Vec<(String, String)>, Error> {
    let mut fields: Vec<(String, String)> = Vec::new();
    // Fields with a common beginning are many; each of them is for a name of its own, and a second one does no harm.
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in form_urlencoded::parse(body) {
        let Some(declared) = limits.fields.iter().find(|field| field.is(&name)) else { continue };
        if !declared.is_prefix {
            if seen.contains(&declared.name) {
                continue;
            }
            seen.push(declared.name);
        }
        if value.len() > declared.bytes {
            let words = format!(
                "The field {} has {} bytes; at most {} are accepted.",
                declared.name,
                value.len(),
                declared.bytes
            );
            return Err(Error::new(ErrorKind::Invalid, words));
        }
        fields.push((name.into_owned(), value.into_owned()));
    }
    Ok(fields)
}

/// The form was refused: its page again with what was typed, or the error as data.
pub async fn refuse(web: Web, form: SubmittedForm, error: Error) -> Response {
    if static_page::wants_json(&form.request.headers) {
        return static_page::json(error);
    }
    let outcome = FormOutcome { values: form.values, error: Some(error), ..FormOutcome::default() };
    pages::render_again(web, form.request, outcome).await
}

/// The form did its work: on to the page that shows it, or the work's result as data.
pub fn done(request: &Parts, page: &str, result: serde_json::Value) -> Response {
    if static_page::wants_json(&request.headers) {
        return axum::Json(result).into_response();
    }
    Redirect::to(page).into_response()
}
