//! The actions start, stop, publish, unpublish and archive: preview and execution; the idempotency keys of forms.

use app::api::VersionActions;
use app::error::{Error, ErrorKind};
use app::model::{ActionPreview, ActionRequest, Caller};
use async_trait::async_trait;
use krt::lifecycle::{Action, why_not};
use krt::roles::Permission;

use super::caller::authorize;
use super::{Console, errors, input, runtimes, versions};
use crate::store::ActionError;

#[async_trait]
impl VersionActions for Console {
    async fn preview_action(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        action: Action,
    ) -> Result<ActionPreview, Error> {
        let (runtime, version) = versions::find(&self.0, caller, runtime, version).await?;
        let why_not = why_not(&version.situation(&runtime), action, caller.role);
        let replaces = if action == Action::Publish { runtime.published_name.clone() } else { None };
        Ok(ActionPreview {
            runtime: runtimes::summary_of(&self.0, runtime).await?,
            version: version.name,
            action,
            why_not,
            replaces,
            idempotency_key: self.new_idempotency_key(),
        })
    }

    async fn take_action(&self, caller: &Caller, request: ActionRequest) -> Result<(), Error> {
        authorize(caller, Permission::TakeAction)?;
        let request = ActionRequest { reason: input::reason(&request.reason)?, ..request };
        let (runtime, version, action) = (request.runtime.clone(), request.version.clone(), request.action);
        match self.0.store.take_action(caller, request, self.0.settings.deadlines).await {
            Ok(()) => Ok(()),
            Err(ActionError::NotFound) => {
                // Reports which of the two is missing.
                versions::find(&self.0, caller, &runtime, &version).await?;
                Err(errors::no_version(&runtime, &version))
            }
            Err(ActionError::Refused(why)) => {
                Err(Error::new(ErrorKind::Conflict, format!("{} is not possible now: {why}.", action.title())))
            }
            Err(ActionError::KeyReused(_)) => Err(errors::key_reused()),
            Err(ActionError::Store(error)) => Err(errors::store(error)),
        }
    }

    fn new_idempotency_key(&self) -> String {
        // Random, so that a caller cannot guess the key of another one.
        uuid::Uuid::new_v4().simple().to_string()
    }
}
