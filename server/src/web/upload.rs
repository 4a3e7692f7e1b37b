//! Uploads of packages: a multipart form whose file is streamed to the platform and never held in memory.

use std::time::Duration;

use app::error::{Error, ErrorKind};
use app::forms::{FormOutcome, IDEMPOTENCY_KEY, REASON};
use app::model::Caller;
use app::paths;
use axum::Json;
use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use krt::package::Report;
use serde_json::json;
use tokio::time::{Instant, timeout_at};

use crate::platform::{Upload, UploadOutcome};
use crate::web::guard::announced;
use crate::web::load::UploadPlace;
use crate::web::session::SignedIn;
use crate::web::{Web, drain, light, pages, static_page};

mod source;

use source::{Fault, HEAD, Rest, Source};

/// The fields of the form other than the file.
const FIELDS: [&str; 2] = [REASON, IDEMPOTENCY_KEY];

/// Maximum fields before the file; the form has two.
const MAX_FIELDS: usize = 8;

/// Maximum bytes of such a field: many times the limit of a reason, so that a reason over the limit can be shown again.
const FIELD: usize = 16 * 1024;

/// Timeout for everything before the file.
const BEFORE_FILE: Duration = Duration::from_secs(30);

/// `POST /runtimes/{runtime}/new-version`: the fields `reason` and `idempotency_key` first, then the file `package`.
/// Permissions are checked before the first byte of the body is read.
pub async fn upload(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path(runtime): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let limit = web.max_upload.0.saturating_add(2 * HEAD);
    let place =
        match admit(&web, &caller, &runtime, announced(&parts.headers).is_some_and(|length| length > limit)).await {
            Ok(place) => place,
            Err(error) => {
                drain::in_background(body);
                return refuse(web, parts, Vec::new(), None, error).await;
            }
        };
    let source = Source::new(body, limit);
    let mut values = Vec::new();
    let outcome = take(&web, &caller, &runtime, &parts, &source, &mut values).await;
    drop(place);
    let outcome = match (outcome, source.fault()) {
        (Err(_), Some(Fault::TooLarge)) => Err(too_large(&web)),
        (Err(_), Some(Fault::HeadTooLarge)) => Err(not_a_form()),
        (outcome, _) => outcome,
    };
    // In any case, the browser may still be sending.
    drain::rest_in_background(Rest::from(source));
    match outcome {
        Ok(UploadOutcome::Created { version }) => created(&parts.headers, &runtime, &version),
        Ok(UploadOutcome::Refused(report)) => {
            let error = report_in_words(&report);
            refuse(web, parts, values, Some(*report), error).await
        }
        Err(error) => refuse(web, parts, values, None, error).await,
    }
}

/// Gets a place for this caller's upload, if the upload can succeed.
async fn admit(web: &Web, caller: &Caller, runtime: &str, is_too_large: bool) -> Result<UploadPlace, Error> {
    web.console.may_upload(caller, runtime).await?;
    if is_too_large {
        return Err(too_large(web));
    }
    web.load.upload(caller.id).await
}

/// Parses the form and uploads its file; the submitted fields are left in `values`.
async fn take(
    web: &Web,
    caller: &Caller,
    runtime: &str,
    parts: &Parts,
    source: &Source,
    values: &mut Vec<(String, String)>,
) -> Result<UploadOutcome, Error> {
    let request = Request::from_parts(parts.clone(), Body::from_stream(source.clone()));
    let mut form = Multipart::from_request(request, web).await.map_err(|_| not_a_form())?;
    let deadline = Instant::now() + BEFORE_FILE;
    for _ in 0..=MAX_FIELDS {
        let field = timeout_at(deadline, form.next_field()).await.map_err(|_| too_slow())?;
        let field = field.map_err(|error| unreadable(&error))?.ok_or_else(no_package)?;
        if field.name() == Some("package") {
            source.file_begins(web.max_upload.0);
            let upload = upload_of(values, field.file_name().unwrap_or_default());
            if upload.file_name.is_empty() {
                return Err(no_package());
            }
            values.push(("package".to_owned(), upload.file_name.clone()));
            return web.console.upload(caller, runtime, upload, field).await;
        }
        let (name, value) = timeout_at(deadline, text(field)).await.map_err(|_| too_slow())??;
        if FIELDS.contains(&name.as_str()) && values.iter().all(|(known, _)| *known != name) {
            values.push((name, value));
        }
    }
    Err(not_a_form())
}

fn created(headers: &HeaderMap, runtime: &str, version: &str) -> Response {
    let page = paths::version(runtime, version);
    if static_page::wants_json(headers) {
        return (StatusCode::CREATED, [(header::LOCATION, page)], Json(json!({ "version": version }))).into_response();
    }
    Redirect::to(&page).into_response()
}

/// Answers a rejected upload: the form's page again, or the error and the report as JSON.
async fn refuse(
    web: Web,
    request: Parts,
    values: Vec<(String, String)>,
    report: Option<Report>,
    error: Error,
) -> Response {
    if static_page::wants_json(&request.headers) {
        let Some(report) = report else { return static_page::json(error) };
        let answer = json!({ "kind": error.kind, "message": error.message, "fields": error.fields, "report": report });
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(answer)).into_response();
    }
    let report = report.map(light::report);
    pages::render_again(web, request, FormOutcome { values, error: Some(error), report }).await
}

fn upload_of(values: &[(String, String)], file_name: &str) -> Upload {
    let value = |name: &str| values.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
    // Without a script, the form cannot fill in this reason, as it does not know the file.
    let reason = value("reason").filter(|reason| !reason.is_empty());
    Upload {
        file_name: file_name.to_owned(),
        reason: reason.unwrap_or_else(|| format!("Uploaded {file_name}")),
        idempotency_key: value("idempotency_key").unwrap_or_default(),
    }
}

/// Reads a field other than the file. Returns its name and value.
async fn text(mut field: Field<'_>) -> Result<(String, String), Error> {
    let name = field.name().unwrap_or_default().to_owned();
    let mut value = Vec::new();
    while let Some(bytes) = field.chunk().await.map_err(|error| unreadable(&error))? {
        value.extend_from_slice(&bytes);
        if value.len() > FIELD {
            return Err(Error::new(ErrorKind::Invalid, format!("The text in field {name} is too long.")));
        }
    }
    Ok((name, String::from_utf8_lossy(&value).into_owned()))
}

fn too_large(web: &Web) -> Error {
    let words = format!("The file is larger than {}, the limit for uploads; nothing was stored.", web.max_upload);
    Error::new(ErrorKind::Invalid, words.clone()).with_field("package", words)
}

fn not_a_form() -> Error {
    Error::new(ErrorKind::Invalid, "This is not the upload form. Reload the page and try again.")
}

fn too_slow() -> Error {
    Error::new(ErrorKind::Invalid, "The upload did not start in time; nothing was stored. Send the file again.")
}

fn no_package() -> Error {
    let words = "Choose a .krt file first.";
    Error::new(ErrorKind::Invalid, words).with_field("package", words)
}

fn unreadable(error: &MultipartError) -> Error {
    tracing::debug!(%error, "an upload was interrupted");
    Error::new(ErrorKind::Invalid, "Upload interrupted; nothing was stored. Send the file again.")
}

fn report_in_words(report: &Report) -> Error {
    let errors = report.diagnostics.iter().filter(|found| found.severity == krt::diagnostic::Severity::Error).count();
    let words = match errors {
        0 if report.bare => "A manifest alone has no sources and cannot be uploaded. Pack both together.".to_owned(),
        1 if report.bare => "The manifest has 1 error. Without its sources, it cannot be uploaded.".to_owned(),
        errors if report.bare => {
            format!("The manifest has {errors} errors. Without its sources, it cannot be uploaded.")
        }
        1 => "The package has 1 error; nothing was stored.".to_owned(),
        errors => format!("The package has {errors} errors; nothing was stored."),
    };
    Error::new(ErrorKind::Invalid, words.clone()).with_field("package", words)
}
