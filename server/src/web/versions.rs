//! The forms of a version's page: actions and configuration.

use app::error::{Error, ErrorKind};
use app::forms::configuration_values;
use app::model::ActionRequest;
use app::paths;
use axum::extract::{Path, State};
use axum::response::Response;
use krt::lifecycle::Action;
use serde_json::json;

use crate::web::Web;
use crate::web::form::{self, SubmittedForm};
use crate::web::guard::FormField;
use crate::web::session::SignedIn;

/// The fields of every action's form.
pub const ACTION_FIELDS: &[FormField] = &[FormField::text("reason"), FormField::line("idempotency_key")];

pub async fn take_action(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path((runtime, version, action)): Path<(String, String, String)>,
    form: SubmittedForm,
) -> Response {
    let Some(action) = Action::parse(&action).filter(|action| Action::ON_A_VERSION.contains(action)) else {
        let error = Error::new(ErrorKind::NotFound, format!("Unknown action: {action}."));
        return form::refuse(web, form, error).await;
    };
    let (reason, id) = (form.typed("reason"), form.typed("idempotency_key"));
    let request = ActionRequest { runtime, version, action, reason, idempotency_key: id };
    // An archived version is no longer listed, but its page still exists and shows its status.
    let page = paths::version(&request.runtime, &request.version);
    match web.platform.take_action(&caller, request).await {
        Ok(()) => form::done(&form.request, &page, json!({})),
        Err(error) => form::refuse(web, form, error).await,
    }
}

pub async fn configure(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path((runtime, version)): Path<(String, String)>,
    form: SubmittedForm,
) -> Response {
    let saved = match configuration_values(&form.values) {
        Ok(values) => web.platform.set_configuration(&caller, &runtime, &version, values).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => {
            let page = paths::version_tab(&runtime, &version, "configuration");
            form::done(&form.request, &page, json!({}))
        }
        Err(error) => form::refuse(web, form, error).await,
    }
}
