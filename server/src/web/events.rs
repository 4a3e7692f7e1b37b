//! The live stream: server-sent events from the position that the page was rendered at.

use std::convert::Infallible;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, stream};

use tokio::sync::broadcast;

use crate::web::Web;
use crate::web::session::SessionToken;

/// A comment in a quiet stream, so that proxies (60 s by default in nginx) keep it open and dead connections are found.
const KEEP_ALIVE: Duration = Duration::from_secs(25);
/// How long a browser waits before it connects again.
const RETRY: Duration = Duration::from_secs(1);
/// Then the browser connects again by itself, and its session is looked at again.
const LONGEST: Duration = Duration::from_secs(60 * 60);
/// How often the session is looked at meanwhile, at the latest: one that expired has no stream a minute later.
const CHECK: Duration = Duration::from_secs(40);
/// nginx would otherwise collect events before it passes them on.
const UNBUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

#[derive(serde::Deserialize)]
pub struct From {
    /// The position that the page was rendered at. A browser that connects again sends `Last-Event-ID` instead.
    after: Option<String>,
}

pub async fn events(
    State(web): State<Web>,
    Query(from): Query<From>,
    Extension(SessionToken(token)): Extension<SessionToken>,
    headers: HeaderMap,
) -> Response {
    let counted = match web.streams.open(&token) {
        Ok(counted) => counted,
        Err(too_many) => return too_many.into_response(),
    };
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned).or(from.after);
    let events = web.hub.subscribe(last.as_deref());
    let events = events.map(|(id, announcement)| Event::default().id(id).data(announcement.json()));
    let first = stream::once(async { Event::default().retry(RETRY) });
    let end = tokio::time::sleep(LONGEST);
    let signed_out = ended(web.ended_sessions.subscribe(), token.clone());
    let stop = web.stop.clone();
    let gone = gone(web, token);
    let stream = first.chain(events).take_until(end).take_until(signed_out).take_until(gone);
    let stream = stream.take_until(async move { stop.cancelled().await }).map(move |event| {
        // Counted as long as it may say something.
        let _ = &counted;
        Ok::<_, Infallible>(event)
    });
    let stream = Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    ([UNBUFFERED], stream).into_response()
}

/// Waits until this session is ended; also when notices of ended ones were lost, since connecting again costs little.
async fn ended(mut sessions: broadcast::Receiver<String>, token: String) {
    while sessions.recv().await.is_ok_and(|ended| ended != token) {}
}

/// Waits until this session is gone without a notice: it expired, or was deleted.
async fn gone(web: Web, token: String) {
    loop {
        tokio::time::sleep(pause()).await;
        match web.store.is_live_session(&token).await {
            Ok(true) => {}
            Ok(false) => return,
            // It is asked again. Events say no more than the pages, which do not answer either.
            Err(error) => {
                tracing::debug!(error = &error as &dyn std::error::Error, "a live stream's session cannot be read")
            }
        }
    }
}

/// Between half of [`CHECK`] and the whole of it, so that a thousand streams do not ask at the same moment.
fn pause() -> Duration {
    // Every RandomState has keys of its own: random enough for this.
    let random = RandomState::new().hash_one(()) as u32;
    CHECK / 2 + (CHECK / 2).mul_f64(f64::from(random) / f64::from(u32::MAX))
}
