//! The actions start, stop, publish, unpublish and archive: preview and execution.

use app::error::{Error, ErrorKind};
use app::model::{ActionPreview, ActionRequest, Caller};
use krt::lifecycle::{Action, why_not};
use krt::roles::Permission;

use super::caller::authorize;
use super::{Inner, errors, input, new_idempotency_key, runtimes, versions};
use crate::store::ActionError;

pub(super) async fn preview(
    console: &Inner,
    caller: &Caller,
    runtime: &str,
    version: &str,
    action: Action,
) -> Result<ActionPreview, Error> {
    let (runtime, version) = versions::find(console, caller, runtime, version).await?;
    let why_not = why_not(&version.situation(&runtime), action, caller.role);
    let replaces = if action == Action::Publish { runtime.published_name.clone() } else { None };
    Ok(ActionPreview {
        runtime: runtimes::summary_of(console, runtime).await?,
        version: version.name,
        action,
        why_not,
        replaces,
        idempotency_key: new_idempotency_key(),
    })
}

pub(super) async fn take(console: &Inner, caller: &Caller, request: ActionRequest) -> Result<(), Error> {
    authorize(caller, Permission::TakeAction)?;
    let request = ActionRequest { reason: input::reason(&request.reason)?, ..request };
    let (runtime, version, action) = (request.runtime.clone(), request.version.clone(), request.action);
    match console.store.take_action(caller, request, console.settings.deadlines).await {
        Ok(()) => Ok(()),
        Err(ActionError::NotFound) => {
            // Reports which of the two is missing.
            versions::find(console, caller, &runtime, &version).await?;
            Err(errors::no_version(&runtime, &version))
        }
        Err(ActionError::Refused(why)) => {
            Err(Error::new(ErrorKind::Conflict, format!("{} is not possible now: {why}.", action.title())))
        }
        Err(ActionError::KeyReused(_)) => Err(errors::key_reused()),
        Err(ActionError::Store(error)) => Err(errors::store(error)),
    }
}
