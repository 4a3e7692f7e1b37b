//! Container logs: past output, and future output when followed.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::sync::watch::Receiver;

use super::Call;
use crate::clock;
use crate::kinds::Resource;
use crate::meta;
use crate::output::{Line, Run};
use crate::status::{ApiError, Cause};
use crate::store::{Key, Store};

/// Returns the log of one container.
pub fn logs(call: &Call<'_>) -> Result<Response, ApiError> {
    let key = call.target.key();
    let pod = call.store.get(&key).ok_or_else(|| ApiError::not_found(call.target.kind, &key.name))?;
    let options = LogOptions::read(call, &key.name)?;
    let container = container(&pod, call.params.get("container"))?;
    if pod["spec"]["nodeName"].is_null() {
        // No kubelet to ask yet: the real server returns an empty response.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    // Subscribes before reading the state, so that the end of the container is not missed.
    let (notifier, closed) = (call.store.notifier(Resource::Pods), call.store.closed());
    let run = run(&pod, &container, call.params.is("previous"))?;
    let now = call.store.clock.now();
    let mut lines = run.lines(options.since, now);
    if let Some(tail) = options.tail {
        lines.drain(..lines.len().saturating_sub(tail));
    }
    let timestamps = call.params.is("timestamps");
    let mut text = written(&lines, timestamps);
    if let Some(limit) = options.limit {
        text.truncate((0..=limit.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0));
    }
    let body = if call.params.is("follow") && !call.params.is("previous") {
        let first = Some(text);
        let follower =
            Follower { store: call.store.clone(), key, container, run, seen: now, timestamps, notifier, closed, first };
        Body::from_stream(stream::unfold(follower, |mut follower| async move {
            let text = follower.next().await?;
            Some((Ok::<Bytes, std::convert::Infallible>(Bytes::from(text)), follower))
        }))
    } else {
        Body::from(text)
    };
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, "text/plain")], body).into_response())
}

/// The requested part of the log.
struct LogOptions {
    /// Only lines after this time.
    since: Option<Timestamp>,
    tail: Option<usize>,
    limit: Option<usize>,
}

impl LogOptions {
    /// Reads the parameters (v1 PodLogOptions).
    fn read(call: &Call<'_>, pod: &str) -> Result<LogOptions, ApiError> {
        let mut causes = Vec::new();
        let mut number = |name: &str, least: i64, why: &str| -> Result<Option<i64>, ApiError> {
            let number = call.params.number(name)?;
            if let Some(number) = number.filter(|number| *number < least) {
                causes.push(Cause::invalid(name, &number.into(), why));
            }
            Ok(number)
        };
        let tail = number("tailLines", 0, "must be greater than or equal to 0")?;
        let limit = number("limitBytes", 1, "must be greater than 0")?;
        let seconds = number("sinceSeconds", 1, "must be greater than 0")?;
        let time = call.params.get("sinceTime").map(|time| {
            clock::parse(time).ok_or_else(|| ApiError::bad_request(format!("sinceTime: {time:?} is not a time")))
        });
        let time = time.transpose()?;
        if seconds.is_some() && time.is_some() {
            causes.push(Cause::forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
        }
        if !causes.is_empty() {
            return Err(ApiError::invalid_as("PodLogOptions", "", pod, &causes));
        }
        let now = call.store.clock.now();
        let since = seconds
            .map(|seconds| now.checked_sub(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MIN))
            .or(time);
        // Includes lines at exactly that time.
        let since = since.map(|since| since.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(since));
        let size = |number: Option<i64>| number.and_then(|number| usize::try_from(number).ok());
        Ok(LogOptions { since, tail: size(tail), limit: size(limit) })
    }
}

fn written(lines: &[Line], timestamps: bool) -> String {
    let mut text = String::new();
    for line in lines {
        if timestamps {
            text.push_str(&clock::nanos(line.at));
            text.push(' ');
        }
        text.push_str(&line.text);
        text.push('\n');
    }
    text
}

/// The named container, or the only one.
fn container(pod: &Value, named: Option<&str>) -> Result<String, ApiError> {
    let names = |list: &str| -> Vec<String> {
        let containers = pod["spec"][list].as_array().into_iter().flatten();
        containers.filter_map(|one| one["name"].as_str().map(str::to_owned)).collect()
    };
    let (main, init) = (names("containers"), names("initContainers"));
    let pod = meta::name(pod);
    match (named, main.as_slice()) {
        (None, [only]) => Ok(only.clone()),
        (Some(name), _) if main.iter().chain(&init).any(|one| one == name) => Ok(name.to_owned()),
        (Some(name), _) => Err(ApiError::bad_request(format!("container {name} is not valid for pod {pod}"))),
        (None, _) => {
            let mut message =
                format!("a container name must be specified for pod {pod}, choose one of: [{}]", main.join(" "));
            if !init.is_empty() {
                message.push_str(&format!(" or one of the init containers: [{}]", init.join(" ")));
            }
            Err(ApiError::bad_request(message))
        }
    }
}

/// The requested run, or an error in the kubelet's wording when there is none.
fn run(pod: &Value, container: &str, previous: bool) -> Result<Run, ApiError> {
    let name = meta::name(pod);
    let lists =
        ["initContainerStatuses", "containerStatuses"].iter().filter_map(|list| pod["status"][*list].as_array());
    let status = lists.flatten().find(|status| status["name"] == container).unwrap_or(&Value::Null);
    let restarts = status["restartCount"].as_i64().unwrap_or(0);
    let before = || Run::of(pod, container, restarts - 1, &status["lastState"]);
    if previous {
        let none = || {
            ApiError::bad_request(format!("previous terminated container \"{container}\" in pod \"{name}\" not found"))
        };
        return before().ok_or_else(none);
    }
    let waiting = || {
        let reason = match status["state"]["waiting"]["reason"].as_str() {
            Some("ErrImagePull") => "image can't be pulled",
            Some("ImagePullBackOff") => "trying and failing to pull image",
            Some(reason) => reason,
            None => "ContainerCreating",
        };
        ApiError::bad_request(format!("container \"{container}\" in pod \"{name}\" is waiting to start: {reason}"))
    };
    // A container that waits for a restart shows the log of its last run.
    Run::of(pod, container, restarts, &status["state"]).or_else(before).ok_or_else(waiting)
}

struct Follower {
    store: Arc<Store>,
    key: Key,
    container: String,
    run: Run,
    /// All lines up to this time have been sent.
    seen: Timestamp,
    timestamps: bool,
    notifier: Receiver<u64>,
    closed: Receiver<bool>,
    first: Option<String>,
}

impl Follower {
    /// The next lines; `None` once the run has ended.
    async fn next(&mut self) -> Option<String> {
        if let Some(first) = self.first.take().filter(|first| !first.is_empty()) {
            return Some(first);
        }
        loop {
            let ended = self.has_ended();
            let now = self.store.clock.now();
            let lines = self.run.lines(Some(self.seen), now);
            self.seen = self.seen.max(now);
            if !lines.is_empty() {
                return Some(written(&lines, self.timestamps));
            }
            if ended || *self.closed.borrow() {
                return None;
            }
            let next = self.run.next(now);
            tokio::select! {
                () = self.store.clock.sleep_until(next.unwrap_or(Timestamp::MAX)), if next.is_some() => {}
                _ = self.notifier.changed() => {}
                _ = self.closed.changed() => {}
            }
        }
    }

    /// Checks whether the run has ended, and records its end.
    fn has_ended(&mut self) -> bool {
        if self.run.end.is_some() {
            return true;
        }
        let present = self.store.get(&self.key).and_then(|pod| run(&pod, &self.container, false).ok());
        match present {
            Some(run) if run.start == self.run.start => self.run = run,
            // Deleted or restarted: the run ends now.
            _ => self.run.end = Some(self.store.clock.now()),
        }
        self.run.end.is_some()
    }
}
