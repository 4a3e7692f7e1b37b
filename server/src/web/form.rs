//! Forms sent by browsers without JavaScript: their fields, and the responses to accepted and rejected forms.

use app::error::{Error, ErrorKind};
use app::forms::FormOutcome;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};

use crate::web::guard::{BodyLimits, is_form};
use crate::web::{Web, pages, static_page};

/// A submitted form: its declared fields, and its request without the body.
pub struct SubmittedForm {
    pub request: Parts,
    pub values: Vec<(String, String)>,
}

impl SubmittedForm {
    /// The value of this field, if it was sent.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The value of this field; empty when it was not sent.
    pub fn typed(&self, name: &str) -> String {
        self.field(name).unwrap_or_default().to_owned()
    }
}

impl FromRequest<Web> for SubmittedForm {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Web) -> Result<SubmittedForm, Response> {
        let (request, body) = request.into_parts();
        let limits = limits_of(&request);
        // The guard has already read the body and enforced its limit.
        let body = axum::body::to_bytes(body, limits.bytes).await;
        match body {
            Ok(body) if body.is_empty() || is_form(&request.headers) => match fields(&body, limits) {
                Ok(values) => Ok(SubmittedForm { request, values }),
                Err(error) => {
                    Err(static_page::refusal(web, &request.headers, StatusCode::PAYLOAD_TOO_LARGE, "Too large", error))
                }
            },
            _ => {
                let error =
                    Error::new(ErrorKind::Invalid, "This is not a form of this page. Reload the page and try again.");
                Err(static_page::error(web, &request.headers, error))
            }
        }
    }
}

/// The limits that the request's route declares.
pub fn limits_of(request: &Parts) -> BodyLimits {
    request.extensions.get().copied().unwrap_or(BodyLimits::NONE)
}

/// Parses a URL-encoded form and returns its declared fields in order, each once.
///
/// # Errors
/// Fails at the first field whose value exceeds its limit.
pub fn fields(body: &[u8], limits: BodyLimits) -> Result<Vec<(String, String)>, Error> {
    let mut fields: Vec<(String, String)> = Vec::new();
    // Fields with a common prefix are many, each for a different name; a duplicate does no harm.
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
            let words = format!("Field {}: {} bytes; the limit is {}.", declared.name, value.len(), declared.bytes);
            return Err(Error::new(ErrorKind::Invalid, words));
        }
        fields.push((name.into_owned(), value.into_owned()));
    }
    Ok(fields)
}

/// Answers a rejected form: its page again with the submitted values, or the error as JSON.
pub async fn refuse(web: Web, form: SubmittedForm, error: Error) -> Response {
    if static_page::wants_json(&form.request.headers) {
        return static_page::json(error);
    }
    let outcome = FormOutcome { values: form.values, error: Some(error), ..FormOutcome::default() };
    pages::render_again(web, form.request, outcome).await
}

/// Answers a successful form: a redirect to the page that shows the result, or the result as JSON.
pub fn done(request: &Parts, page: &str, result: serde_json::Value) -> Response {
    if static_page::wants_json(&request.headers) {
        return axum::Json(result).into_response();
    }
    Redirect::to(page).into_response()
}
