//! What is kept of a version as files: its package, its manifest, its logs, single values.

use app::error::{Error, ErrorKind};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use crate::web::session::SignedIn;
use crate::web::{Web, static_page};

/// `…/download/{file}`: `<version>.krt`, `krt.yml` or `logs.txt`.
pub async fn download(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path((runtime, version, file)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    if file == "krt.yml" {
        return match web.platform.get_manifest(&caller, &runtime, &version).await {
            Ok(manifest) => {
                let named = format!("attachment; filename=\"{version}.krt.yml\"");
                as_file("application/yaml; charset=utf-8", named, manifest.text).into_response()
            }
            Err(error) => static_page::error(&web, &headers, error),
        };
    }
    if file == "logs.txt" {
        return match web.console.open_logs(&caller, &runtime, &version).await {
            // As the processes wrote them: saved, never shown.
            Ok(logs) => {
                let named = format!("attachment; filename=\"{version}.logs.txt\"");
                as_file("text/plain; charset=utf-8", named, Body::from_stream(logs)).into_response()
            }
            Err(error) => static_page::error(&web, &headers, error),
        };
    }
    if file.strip_suffix(".krt") != Some(version.as_str()) {
        return static_page::error(
            &web,
            &headers,
            Error::new(ErrorKind::NotFound, "There is no such file of this version."),
        );
    }
    match web.console.open_package(&caller, &runtime, &version).await {
        Ok((package, bytes)) => {
            // A version that is there has a name of lower-case letters, digits and hyphens.
            let named = format!("attachment; filename=\"{version}.krt\"");
            let length = [(header::CONTENT_LENGTH, package.size.to_string())];
            (length, as_file("application/gzip", named, Body::from_stream(bytes))).into_response()
        }
        Err(error) => static_page::error(&web, &headers, error),
    }
}

/// `…/configuration/{name}`: one value, for those that are too long for their page.
pub async fn value(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path((runtime, version, name)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    match web.platform.get_value(&caller, &runtime, &version, &name).await {
        // A value that is there has a name of letters, digits, `-`, `_` and `.`.
        Ok(value) => {
            as_file("text/plain; charset=utf-8", format!("attachment; filename=\"{name}\""), value).into_response()
        }
        Err(error) => static_page::error(&web, &headers, error),
    }
}

/// Kept by nobody on the way, saved and not shown by browsers.
fn as_file(kind: &'static str, named: String, body: impl IntoResponse) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, named)], body)
}
