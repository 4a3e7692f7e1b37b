//! The graph of one workflow as a separate SVG file, for versions with too many nodes to draw on their page.

use app::charts::svg;
use app::error::{Error, ErrorKind};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

use crate::web::session::SignedIn;
use crate::web::{Web, static_page};

/// Drawing a large graph occupies a core for seconds, so only one is drawn at a time.
static ONE_AT_A_TIME: Semaphore = Semaphore::const_new(1);

/// `…/graph/{workflow}.svg`
pub async fn picture(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path((runtime, version, file)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let workflow = file.strip_suffix(".svg").unwrap_or_default();
    let picture = match web.platform.get_graph(&caller, &runtime, &version, workflow).await {
        Ok(picture) => picture,
        Err(error) => return static_page::error(&web, &headers, error),
    };
    let turn = ONE_AT_A_TIME.acquire().await;
    let drawn = tokio::task::spawn_blocking(move || svg(&picture)).await.ok().flatten();
    drop(turn);
    match drawn {
        Some(svg) => ([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response(),
        None => {
            let words = "This workflow has too many nodes to draw. See the list of nodes on the version's page.";
            static_page::error(&web, &headers, Error::new(ErrorKind::Invalid, words))
        }
    }
}
