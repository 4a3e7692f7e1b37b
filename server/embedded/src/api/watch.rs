//! Watches: newline-separated events starting at a resourceVersion.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde_json::{Value, json};
use tokio::sync::watch::Receiver;
use tokio::time::{Instant, sleep_until};

use super::Call;
use crate::accept::Accept;
use crate::kinds::Kind;
use crate::selectors::Selection;
use crate::status::{ApiError, Cause};
use crate::store::{Change, ChangeKind, Object, Store, Version};

/// Interval of bookmarks: about once a minute, as in the real server.
const BOOKMARKS: Duration = Duration::from_secs(60);

/// A last bookmark is sent this long before the watch ends.
const BEFORE_END: Duration = Duration::from_secs(2);

/// Timeout of a watch that sets none; the real server uses 30 to 60 minutes.
const LONGEST: Duration = Duration::from_secs(45 * 60);

/// Seconds; a clock cannot count much longer timeouts.
const YEAR: u64 = 365 * 24 * 60 * 60;

/// Returns the stream of changes.
pub fn watch(call: &Call<'_>) -> Result<Response, ApiError> {
    let mut selection = call.params.selection_of(call.target.kind)?;
    if let Some(name) = &call.target.name {
        selection.fields.require("metadata.name", name);
    }
    let (kind, namespace) = (call.target.kind, call.target.namespace.clone());
    // Subscribes before reading the state: a change in between is notified twice rather than missed.
    let (notifier, closed) = (call.store.notifier(kind.id), call.store.closed());
    let asked = call.params.resource_version()?;
    let bookmarks = call.params.is("allowWatchBookmarks");
    let initial = match call.params.get("sendInitialEvents") {
        Some(_) if call.params.get("resourceVersionMatch") != Some("NotOlderThan") => {
            let why = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
            let cause = Cause::forbidden("resourceVersionMatch", why);
            return Err(ApiError::invalid_as("ListOptions", "meta.k8s.io", "", &[cause]));
        }
        Some(wanted) => wanted == "true",
        None => matches!(asked, None | Some(0)),
    };
    let timeout = call.params.number("timeoutSeconds")?.and_then(|seconds| u64::try_from(seconds).ok());
    let mut watcher = Watcher {
        store: call.store.clone(),
        kind,
        namespace,
        selection,
        accept: call.accept,
        position: asked.unwrap_or(0),
        notifier,
        closed,
        pending: VecDeque::new(),
        bookmarks,
        next_bookmark: Instant::now(),
        ends: Instant::now() + timeout.map_or(LONGEST, |seconds| Duration::from_secs(seconds.min(YEAR))),
        first: true,
        over: false,
    };
    watcher.plan_bookmark();
    let marks_end = bookmarks && call.params.is("sendInitialEvents");
    if initial {
        watcher.send_present(marks_end);
    } else if asked.is_none_or(|asked| asked == 0) {
        watcher.position = call.store.revision();
    }
    let current = call.store.revision();
    if watcher.position > current {
        return Err(ApiError::too_large_version(watcher.position, current));
    }
    let body = Body::from_stream(stream::unfold(watcher, |mut watcher| async move {
        let chunk = watcher.next().await?;
        Some((Ok::<Bytes, std::convert::Infallible>(chunk), watcher))
    }));
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], body).into_response())
}

struct Watcher {
    store: Arc<Store>,
    kind: &'static Kind,
    namespace: Option<String>,
    selection: Selection,
    accept: Accept,
    /// All changes up to this revision have been processed.
    position: u64,
    notifier: Receiver<u64>,
    closed: Receiver<bool>,
    pending: VecDeque<String>,
    bookmarks: bool,
    next_bookmark: Instant,
    ends: Instant,
    /// Tables include their columns only in the first event.
    first: bool,
    over: bool,
}

impl Watcher {
    /// The next chunk of the response: all pending events, or the next one to occur.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            self.look();
            if !self.pending.is_empty() {
                let mut text = String::new();
                for event in self.pending.drain(..) {
                    text.push_str(&event);
                    text.push('\n');
                }
                return Some(Bytes::from(text));
            }
            if self.over || *self.closed.borrow() {
                return None;
            }
            tokio::select! {
                _ = self.notifier.changed() => {}
                _ = self.closed.changed() => {}
                () = sleep_until(self.ends) => self.over = true,
                () = sleep_until(self.next_bookmark), if self.bookmarks => self.bookmark(false),
            }
        }
    }

    /// Converts new changes to events.
    fn look(&mut self) {
        if self.over {
            return;
        }
        match self.store.changes_since(self.position, Some(self.kind.id)) {
            Ok((changes, revision)) => {
                self.position = revision;
                for change in changes {
                    self.send_change(&change);
                }
            }
            Err(oldest) => {
                let error = ApiError::expired(self.position, oldest);
                self.push("ERROR", &error.body().to_string());
                self.over = true;
            }
        }
    }

    fn send_change(&mut self, change: &Change) {
        if self.namespace.as_ref().is_some_and(|namespace| *namespace != change.key.namespace) {
            return;
        }
        let now = change.kind != ChangeKind::Deleted && self.selection.matches_version(&change.object);
        let before = change.before.as_ref().is_some_and(|before| self.selection.matches_version(before));
        match (before, now) {
            (false, true) => self.send_version("ADDED", &change.object),
            (true, true) => self.send_version("MODIFIED", &change.object),
            (true, false) if change.kind == ChangeKind::Deleted => self.send_version("DELETED", &change.object),
            (true, false) => {
                // The object left the selection: the watcher gets a deletion with the last selected state.
                let mut last = change.before.as_ref().map(|before| before.object()).unwrap_or_default();
                last["metadata"]["resourceVersion"] = change.revision.to_string().into();
                self.send("DELETED", &last);
            }
            (false, false) => {}
        }
    }

    fn send_version(&mut self, event: &str, version: &Version) {
        match self.accept {
            Accept::Object => self.push(event, version.text()),
            _ => self.send(event, &version.object()),
        }
    }

    fn push(&mut self, event: &str, object: &str) {
        self.pending.push_back(format!("{{\"type\":\"{event}\",\"object\":{object}}}"));
    }

    fn send(&mut self, event: &str, object: &Value) {
        let object = self.accept.object(self.kind, object, self.store.clock.now(), self.first);
        self.first = false;
        self.push(event, &object.to_string());
    }

    fn send_present(&mut self, marks_end: bool) {
        let (all, revision) = self.store.list(self.kind.id, self.namespace.as_deref());
        let selected: Vec<Object> = all.into_iter().filter(|object| self.selection.matches(object)).collect();
        for object in selected {
            self.send("ADDED", &object);
        }
        self.position = revision;
        if marks_end {
            self.bookmark(true);
        }
    }

    /// Schedules the next bookmark: in a minute, or shortly before the end, so that the client can resume from it.
    fn plan_bookmark(&mut self) {
        let (now, last) = (Instant::now(), self.ends - BEFORE_END);
        self.next_bookmark = now + BOOKMARKS;
        if last > now && last < self.next_bookmark {
            self.next_bookmark = last;
        }
    }

    fn bookmark(&mut self, ends_initial: bool) {
        self.plan_bookmark();
        let mut metadata = json!({ "resourceVersion": self.position.to_string() });
        if ends_initial {
            metadata["annotations"] = json!({ "k8s.io/initial-events-end": "true" });
        }
        let object = json!({ "kind": self.kind.kind, "apiVersion": self.kind.api_version(), "metadata": metadata });
        let object = match self.accept {
            Accept::Object => object,
            other => other.object(self.kind, &object, self.store.clock.now(), false),
        };
        self.push("BOOKMARK", &object.to_string());
    }
}
