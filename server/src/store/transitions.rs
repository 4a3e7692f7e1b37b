//! Transitions of a version: by a person's action (here) or by an event that the system observes ([`events`]), always
//! along `krt::lifecycle`'s table, each in one transaction with its audit entry.

use std::time::Duration;

use app::model::{ActionRequest, Caller, Timestamp};
use krt::lifecycle::{Action, Cause, after, next, why_not};
use rusqlite::Transaction;

use super::audit::{self, Entry};
use super::idempotency::{self, KeyReused, Sending};
use super::{Store, StoreError, logs, runtimes, versions};
use crate::changes::Change;
use crate::state::{Runtime, Version};

mod events;

/// How long a start and a publish may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    pub start: Duration,
    pub publish: Duration,
}

#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    #[error("the version does not exist")]
    NotFound,
    /// The lifecycle's reason why the action is not possible now.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    KeyReused(#[from] KeyReused),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Takes a person's action: checks the table, sets the desired state, writes the audit entry. Does not wait for the
    /// cluster.
    pub async fn take_action(
        &self,
        caller: &Caller,
        request: ActionRequest,
        deadlines: Deadlines,
    ) -> Result<(), ActionError> {
        let (caller, now) = (caller.clone(), self.now());
        self.write(move |inner, transaction, changes| {
            let ActionRequest { runtime, version, action, reason, idempotency_key } = request;
            let fields = [action.as_str(), &runtime, &version, &reason];
            let sending =
                Sending::new(&caller, &idempotency_key, format!("{} {runtime} {version}", action.as_str()), &fields);
            if let Some(before) = idempotency::answer(transaction, &sending)? {
                before?;
                return Ok(());
            }
            let version = versions::find(inner, transaction, &runtime, &version)?.ok_or(ActionError::NotFound)?;
            let runtime = runtimes::find(transaction, &runtime)?.ok_or(ActionError::NotFound)?;
            if let Some(why) = why_not(&version.situation(&runtime), action, caller.role) {
                return Err(ActionError::Refused(why));
            }
            let allowed = AllowedAction {
                caller: &caller,
                runtime: &runtime,
                version: &version,
                action,
                reason: &reason,
                deadlines,
                now,
            };
            act(transaction, &allowed)?;
            idempotency::remember(transaction, &sending, "", now)?;
            if action == Action::Archive {
                changes.push(Change::VersionList(runtime.id.clone()));
            }
            changes.push(Change::Runtime(runtime.id));
            Ok(())
        })
        .await
    }
}

/// An allowed action.
struct AllowedAction<'a> {
    caller: &'a Caller,
    runtime: &'a Runtime,
    version: &'a Version,
    action: Action,
    reason: &'a str,
    deadlines: Deadlines,
    now: Timestamp,
}

fn act(transaction: &Transaction, allowed: &AllowedAction) -> Result<(), StoreError> {
    let AllowedAction { caller, runtime, version, action, reason, deadlines, now } = *allowed;
    let from = version.status();
    let to = next(Some(from), Cause::Action(action));
    let entry = Entry {
        caller: Some(caller),
        kind: action.as_str(),
        runtime: Some(&runtime.id),
        version: Some((&version.uid, &version.name)),
        from: Some(from),
        to,
        reason,
        cause: None,
    };
    let cause = audit::write(transaction, &entry, now)?;
    let (desired, recorded) = after(version.desired, version.recorded, Cause::Action(action));
    let deadline = match action {
        Action::Start => Some(now.0.saturating_add_unsigned(deadlines.start.as_millis() as u64)),
        Action::Publish => Some(now.0.saturating_add_unsigned(deadlines.publish.as_millis() as u64)),
        _ => None,
    };
    match action {
        Action::Start => logs::forget(transaction, &version.uid)?,
        Action::Publish => point(transaction, &runtime.id, runtime.published.as_deref(), Some(&version.uid))?,
        _ => {}
    }
    // A failure is kept until the next start or publish.
    let forget_failure = matches!(action, Action::Start | Action::Publish);
    // Shown as published until the unpublish is complete, so `since` stays.
    let (since, since_by) = match action {
        Action::Unpublish => (version.since, version.since_by.as_str()),
        _ => (now, caller.name.as_str()),
    };
    transaction
        .prepare_cached(
            "UPDATE versions SET wish = ?2, settled = ?3, since = ?4, since_by = ?5, deadline = ?6, cause = ?7,
             failure_json = CASE WHEN ?8 THEN NULL ELSE failure_json END WHERE uid = ?1",
        )?
        .execute((
            &version.uid,
            desired.as_str(),
            recorded.as_str(),
            since.0,
            since_by,
            deadline,
            cause,
            forget_failure,
        ))?;
    Ok(())
}

/// Sets the runtime's two pointers.
fn point(
    transaction: &Transaction,
    runtime: &str,
    published: Option<&str>,
    publishing: Option<&str>,
) -> Result<(), StoreError> {
    transaction
        .prepare_cached("UPDATE runtimes SET published = ?2, publishing = ?3 WHERE id = ?1")?
        .execute((runtime, published, publishing))?;
    Ok(())
}
