//! Forms sent by a browser without JavaScript: their fields in order, and how one is refused.

use app::error::{Error, ErrorKind};
use app::forms::FormOutcome;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};

use crate::web::guard::CONFIGURATION_BODY;
use crate::web::{Web, pages, plain};

/// A form as it was sent: its fields, and its request without the body.
pub struct Form {
    pub request: Parts,
    pub values: Vec<(String, String)>,
}

impl Form {
    /// What was typed into this field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The same, with nothing for a field that was not sent.
    pub fn typed(&self, name: &str) -> String {
        self.field(name).unwrap_or_default().to_owned()
    }
}

impl FromRequest<Web> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Web) -> Result<Form, Response> {
        let (request, body) = request.into_parts();
        // The guard has read the body already, and bounded it.
        let body = axum::body::to_bytes(body, CONFIGURATION_BODY).await;
        match body {
            Ok(body) if body.is_empty() || is_form(&request.headers) => Ok(Form { request, values: fields(&body) }),
            _ => {
                let error = Error::new(ErrorKind::Invalid, "This is not a form of this page. Reload it and try again.");
                Err(plain::error(web, &request.headers, error))
            }
        }
    }
}

/// Whether the body is what browsers make of a form without files.
pub fn is_form(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"))
}

/// The fields of such a form, in order.
pub fn fields(body: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(body).into_owned().collect()
}

/// The form was refused: its page again with what was typed, or the error as data.
pub async fn refuse(web: Web, form: Form, error: Error) -> Response {
    if plain::wants_json(&form.request.headers) {
        return plain::json(error);
    }
    let outcome = FormOutcome { values: form.values, error: Some(error), ..FormOutcome::default() };
    pages::render_again(web, form.request, outcome).await
}

/// The form did its work: on to the page that shows it, or the work's result as data.
pub fn done(request: &Parts, page: &str, result: serde_json::Value) -> Response {
    if plain::wants_json(&request.headers) {
        return axum::Json(result).into_response();
    }
    Redirect::to(page).into_response()
}
