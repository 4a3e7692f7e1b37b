//! The live stream: server-sent events, starting at the position at which the page was rendered.

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

/// Interval of comments in an idle stream: keep proxies from closing it (nginx: after 60 s), find dead connections.
const KEEP_ALIVE: Duration = Duration::from_secs(25);
/// How long a browser waits before it reconnects.
const RETRY: Duration = Duration::from_secs(1);
/// Maximum duration of a stream; the browser then reconnects and its session is checked again.
const LONGEST: Duration = Duration::from_secs(60 * 60);
/// Maximum interval between session checks: the stream of an expired session ends within a minute.
const CHECK: Duration = Duration::from_secs(40);
/// Keeps nginx from buffering events.
const UNBUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

#[derive(serde::Deserialize)]
pub struct From {
    /// The position at which the page was rendered. A browser that reconnects sends `Last-Event-ID` instead.
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
        // Counts the stream until it is dropped.
        let _ = &counted;
        Ok::<_, Infallible>(event)
    });
    let stream = Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    ([UNBUFFERED], stream).into_response()
}

/// Waits for the end of this session. Also returns when notifications were lost, since reconnecting is cheap.
async fn ended(mut sessions: broadcast::Receiver<String>, token: String) {
    while sessions.recv().await.is_ok_and(|ended| ended != token) {}
}

/// Waits until this session no longer exists, without a notification: it expired or was deleted.
async fn gone(web: Web, token: String) {
    loop {
        tokio::time::sleep(pause()).await;
        match web.store.is_live_session(&token).await {
            Ok(true) => {}
            Ok(false) => return,
            // Checked again later. Events reveal no more than pages, which are not served now either.
            Err(error) => {
                tracing::debug!(error = &error as &dyn std::error::Error, "a live stream's session cannot be read")
            }
        }
    }
}

/// Returns between half of [`CHECK`] and all of it, so that a thousand streams do not check at the same moment.
fn pause() -> Duration {
    // Every RandomState has its own keys: random enough for this.
    let random = RandomState::new().hash_one(()) as u32;
    CHECK / 2 + (CHECK / 2).mul_f64(f64::from(random) / f64::from(u32::MAX))
}
