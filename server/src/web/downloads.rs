//! Downloads of a version: for people its package, its manifest, its logs, single configuration values; for its pods
//! their package.

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
            // Unescaped, as the processes wrote them: browsers save the file and do not render it.
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
            Error::new(ErrorKind::NotFound, "This version has no file with this name."),
        );
    }
    match web.console.open_package(&caller, &runtime, &version).await {
        Ok((package, bytes)) => {
            // Names of existing versions consist of lowercase letters, digits and hyphens.
            let named = format!("attachment; filename=\"{version}.krt\"");
            let length = [(header::CONTENT_LENGTH, package.size.to_string())];
            (length, as_file("application/gzip", named, Body::from_stream(bytes))).into_response()
        }
        Err(error) => static_page::error(&web, &headers, error),
    }
}

/// `…/configuration/{name}`: one value, for values that are too long for their page.
pub async fn value(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path((runtime, version, name)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    match web.platform.get_value(&caller, &runtime, &version, &name).await {
        // Names of existing values consist of letters, digits, `-`, `_` and `.`.
        Ok(value) => {
            as_file("text/plain; charset=utf-8", format!("attachment; filename=\"{name}\""), value).into_response()
        }
        Err(error) => static_page::error(&web, &headers, error),
    }
}

/// `/internal/packages/{uid}`: the package of the version with this UID, for callers with its token, which the version's
/// pods have; all others get the same "not found".
pub async fn package_for_pod(State(web): State<Web>, Path(uid): Path<String>, headers: HeaderMap) -> Response {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    match web.console.open_package_for_pod(&uid, token.unwrap_or_default()).await {
        Ok((package, bytes)) => {
            let length = (header::CONTENT_LENGTH, package.size.to_string());
            ([(header::CONTENT_TYPE, "application/gzip".to_owned()), length], Body::from_stream(bytes)).into_response()
        }
        Err(error) => static_page::json(error),
    }
}

/// A response that browsers save instead of rendering it.
fn as_file(kind: &'static str, named: String, body: impl IntoResponse) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, named)], body)
}
