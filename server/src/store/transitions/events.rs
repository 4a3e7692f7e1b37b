//! Transitions of a version by events that the system observes.

use app::model::{Failure, Timestamp};
use krt::lifecycle::{Cause, Desired, Event, Recorded, Status, after, next};
use rusqlite::Transaction;

use super::super::audit::{self, Entry};
use super::super::versions::{self, to_json};
use super::super::{Inner, SYSTEM, Store, StoreError, runtimes};
use super::point;
use crate::changes::Change;
use crate::state::{Runtime, Version};

/// The longest reason that the system writes into the audit, in characters; the stored failure is complete.
const SYSTEM_REASON: usize = 500;

/// The kind of a failure's audit entry.
const FAILURE: &str = "failure";

impl Store {
    /// Records an event of a version: moves the version on, with an audit entry of [`SYSTEM`] that refers to the
    /// person's action as its cause. `failure` is stored with [`Event::Failure`]. `false`: the event does not apply
    /// (any more), and nothing was done.
    pub async fn record_event(&self, uid: &str, event: Event, failure: Option<Failure>) -> Result<bool, StoreError> {
        let (uid, now) = (uid.to_owned(), self.now());
        self.write(move |inner, transaction, changes| {
            let Some(version) = versions::find_by_uid(inner, transaction, &uid)? else { return Ok(false) };
            let Some(runtime) = runtimes::find(transaction, &version.runtime)? else { return Ok(false) };
            if version.unpublishing() || next(Some(version.status()), Cause::Event(event)).is_none() {
                return Ok(false);
            }
            match event {
                Event::Switched => switch(inner, transaction, &runtime, &version, now)?,
                Event::Ready | Event::Gone => {
                    let reason = if event == Event::Ready { "every process is ready" } else { "all objects removed" };
                    observe(transaction, &version, event, reason, None, now)?;
                }
                Event::Failure => {
                    if runtime.publishing.as_ref() == Some(&version.uid) {
                        point(transaction, &runtime.id, runtime.published.as_deref(), None)?;
                    }
                    let reason = failure.as_ref().map_or_else(String::new, |failure| failure.chain.join(" "));
                    observe(transaction, &version, event, &reason, failure.as_ref(), now)?;
                }
            }
            changes.push(Change::Runtime(runtime.id));
            Ok(true)
        })
        .await
    }

    /// Records that an unpublish is complete: Ingress and Service are gone. `false`: it does not apply (any more).
    pub async fn unpublished(&self, uid: &str) -> Result<bool, StoreError> {
        let (uid, now) = (uid.to_owned(), self.now());
        self.write(move |inner, transaction, changes| {
            let Some(version) = versions::find_by_uid(inner, transaction, &uid)? else { return Ok(false) };
            let Some(runtime) = runtimes::find(transaction, &version.runtime)? else { return Ok(false) };
            if !version.unpublishing() {
                return Ok(false);
            }
            point(transaction, &runtime.id, None, runtime.publishing.as_deref())?;
            let step = Step {
                kind: "withdrawn",
                reason: "no longer receives external requests",
                desired: Desired::Started,
                recorded: Recorded::Started,
                to: Status::Started,
                cause: cause_of(transaction, &uid)?,
            };
            record_step(transaction, &version, &step, now)?;
            changes.push(Change::Runtime(runtime.id));
            Ok(true)
        })
        .await
    }
}

/// One transition made by the system.
struct Step<'a> {
    kind: &'a str,
    reason: &'a str,
    desired: Desired,
    recorded: Recorded,
    to: Status,
    cause: i64,
}

/// Moves one version by an event; a failure becomes the cause of what follows it.
fn observe(
    transaction: &Transaction,
    version: &Version,
    event: Event,
    reason: &str,
    failure: Option<&Failure>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let cause = Cause::Event(event);
    let (desired, recorded) = after(version.desired, version.recorded, cause);
    let kind = match event {
        Event::Ready => "ready",
        Event::Failure => FAILURE,
        Event::Gone => "gone",
        Event::Switched => "switched",
    };
    let reason: String = reason.chars().take(SYSTEM_REASON).collect();
    let to = next(Some(version.status()), cause).unwrap_or_else(|| version.status());
    let step = Step { kind, reason: &reason, desired, recorded, to, cause: cause_of(transaction, &version.uid)? };
    let entry = record_step(transaction, version, &step, now)?;
    if let Some(failure) = failure {
        transaction
            .prepare_cached("UPDATE versions SET failure_json = ?2 WHERE uid = ?1")?
            .execute((&version.uid, to_json(failure)?))?;
    }
    if event == Event::Failure {
        transaction.prepare_cached("UPDATE versions SET cause = ?2 WHERE uid = ?1")?.execute((&version.uid, entry))?;
    }
    Ok(())
}

/// The switch: the previously published version and the new one change in one transaction. The old one changes first,
/// since two versions must never be published.
fn switch(
    inner: &Inner,
    transaction: &Transaction,
    runtime: &Runtime,
    new: &Version,
    now: Timestamp,
) -> Result<(), StoreError> {
    let cause = cause_of(transaction, &new.uid)?;
    if let Some(uid) = &runtime.published
        && let Some(old) = versions::find_by_uid(inner, transaction, uid)?
    {
        let step = Step {
            kind: "switched",
            reason: &format!("replaced by {}", new.name),
            desired: Desired::Started,
            recorded: Recorded::Started,
            to: Status::Started,
            cause,
        };
        record_step(transaction, &old, &step, now)?;
    }
    observe(transaction, new, Event::Switched, "now receives external requests", None, now)?;
    point(transaction, &runtime.id, Some(&new.uid), None)
}

/// Writes a transition made by the system and its audit entry, and returns the entry's number.
fn record_step(transaction: &Transaction, version: &Version, step: &Step, now: Timestamp) -> Result<i64, StoreError> {
    let entry = Entry {
        caller: None,
        kind: step.kind,
        runtime: Some(&version.runtime),
        version: Some((&version.uid, &version.name)),
        from: Some(version.status()),
        to: Some(step.to),
        reason: step.reason,
        cause: Some(step.cause),
    };
    let entry = audit::write(transaction, &entry, now)?;
    // A completed action is attributed to the person who took it; only a failure to the system.
    let led_by = (step.kind != FAILURE).then_some(step.cause);
    transaction
        .prepare_cached(
            "UPDATE versions SET wish = ?2, settled = ?3, since = ?4, deadline = NULL,
             since_by = COALESCE((SELECT who FROM audit WHERE id = ?5), ?6) WHERE uid = ?1",
        )?
        .execute((&version.uid, step.desired.as_str(), step.recorded.as_str(), now.0, led_by, SYSTEM))?;
    Ok(entry)
}

/// The audit entry that caused what a version does now.
fn cause_of(transaction: &Transaction, uid: &str) -> Result<i64, StoreError> {
    let mut statement = transaction.prepare_cached("SELECT cause FROM versions WHERE uid = ?1")?;
    Ok(statement.query_row([uid], |row| row.get(0))?)
}
