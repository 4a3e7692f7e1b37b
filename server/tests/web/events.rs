//! The live stream, read as a browser does.

use std::time::Duration;

use app::model::LiveEvent;
use axum::body::{Body, BodyDataStream};
use futures::StreamExt;
use krt::roles::Role;
use tower::ServiceExt;

use crate::app::{Sent, TestApp};

/// Reads a stream event by event.
struct Events {
    body: BodyDataStream,
    text: String,
}

impl Events {
    async fn open(app: &TestApp, sent: Sent) -> Events {
        Events::of_session(app, sent, &app.cookie(Role::Viewer).await).await
    }

    async fn of_session(app: &TestApp, sent: Sent, cookie: &str) -> Events {
        let sent = sent.cookie(cookie).header("accept", "text/event-stream");
        let response = app.router.clone().oneshot(sent.request()).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Events { body: Body::into_data_stream(response.into_body()), text: String::new() }
    }

    /// The next event that a test published; the server also publishes other events.
    async fn next_list(&mut self) -> (String, LiveEvent) {
        loop {
            let next = self.next().await.expect("the stream goes on");
            if matches!(next.1, LiveEvent::VersionList { .. }) {
                return next;
            }
        }
    }

    /// The next event with data, and its ID; `None` when the stream ended.
    async fn next(&mut self) -> Option<(String, LiveEvent)> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                let event = field("data:")
                    .map(|data| (field("id:").unwrap_or_default().to_owned(), serde_json::from_str(data).unwrap()));
                self.text = rest.to_owned();
                if event.is_some() {
                    return event;
                }
            }
            let bytes = tokio::time::timeout(Duration::from_secs(10), self.body.next()).await.expect("an event");
            self.text += std::str::from_utf8(&bytes?.unwrap()).unwrap();
        }
    }
}

fn list(runtime: &str) -> LiveEvent {
    LiveEvent::VersionList { runtime: runtime.to_owned() }
}

#[tokio::test]
async fn a_page_gets_the_events_after_its_rendering() {
    let app = TestApp::start().await;
    let hub = &app.started.hub;
    hub.publish(list("before"));
    let position = hub.position();
    hub.publish(list("between"));
    let mut events = Events::open(&app, app.get(&format!("/events?after={position}"))).await;
    let (id, event) = events.next_list().await;
    assert_eq!(event, list("between"));
    hub.publish(list("after"));
    assert_eq!(events.next_list().await.1, list("after"));

    // A browser that reconnects sends the last ID that it received, to the same URL as before.
    let again = app.get(&format!("/events?after={position}")).header("last-event-id", &id);
    assert_eq!(Events::open(&app, again).await.next_list().await.1, list("after"));
}

#[tokio::test]
async fn a_position_of_another_run_gets_a_resync() {
    let app = TestApp::start().await;
    let mut events = Events::open(&app, app.get("/events?after=0123456789ab-7")).await;
    assert_eq!(events.next().await.unwrap().1, LiveEvent::Resync);
    app.started.hub.publish(list("demo"));
    assert_eq!(events.next_list().await.1, list("demo"));
}

#[tokio::test]
async fn the_stream_ends_when_the_server_does() {
    let app = TestApp::start().await;
    let mut events = Events::open(&app, app.get("/events")).await;
    app.stop.cancel();
    while events.next().await.is_some() {}
}

#[tokio::test]
async fn the_stream_ends_when_its_session_does() {
    let app = TestApp::start().await;
    let mine = app.cookie(Role::Viewer).await;
    let mut events = Events::of_session(&app, app.get("/events"), &mine).await;
    app.send(app.post("/sign-out").cookie(&mine)).await.leads_to("/sign-in");
    while events.next().await.is_some() {}
}

#[tokio::test]
async fn the_stream_ends_within_a_minute_when_its_session_disappears() {
    let app = TestApp::start().await;
    let (mine, theirs) = (app.cookie(Role::Viewer).await, app.cookie(Role::Manager).await);
    let mut events = Events::of_session(&app, app.get("/events"), &mine).await;
    let mut others = Events::of_session(&app, app.get("/events"), &theirs).await;
    let token = mine.split_once('=').unwrap().1;
    app.started.store.end_session(token).await.unwrap();
    // Streams start their timers when they are first polled.
    app.started.hub.publish(list("before"));
    for events in [&mut events, &mut others] {
        events.next_list().await;
    }
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(60)).await;
    tokio::time::resume();
    while events.next().await.is_some() {}
    app.started.hub.publish(list("after"));
    assert_eq!(others.next_list().await.1, list("after"));
}

#[tokio::test]
async fn a_stream_beyond_the_limit_of_its_session_is_refused_with_a_message() {
    let app = TestApp::start_with(&["--public-url", crate::app::ORIGIN, "--max-streams-per-session", "2"]).await;
    let (mine, theirs) = (app.cookie(Role::Viewer).await, app.cookie(Role::Manager).await);
    let one = Events::of_session(&app, app.get("/events"), &mine).await;
    let _two = Events::of_session(&app, app.get("/events"), &mine).await;
    let refused = app.send(app.get("/events").cookie(&mine).header("accept", "text/event-stream")).await;
    refused.is(429).says("This session already has 2 live streams");
    assert_eq!((refused.header("retry-after"), refused.header("connection")), ("5", "close"));
    let _other = Events::of_session(&app, app.get("/events"), &theirs).await;
    drop(one);
    let _again = Events::of_session(&app, app.get("/events"), &mine).await;
}
