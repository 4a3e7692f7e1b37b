//! The form for creating a runtime.

use app::model::NewRuntime;
use app::paths;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use crate::web::Web;
use crate::web::form::{self, SubmittedForm};
use crate::web::guard::FormField;
use crate::web::session::SignedIn;

pub const FIELDS: &[FormField] = &[
    FormField::line("id"),
    FormField::line("name"),
    FormField::text("description"),
    FormField::line("namespace"),
    FormField::line("idempotency_key"),
];

pub async fn create(State(web): State<Web>, SignedIn(caller): SignedIn, form: SubmittedForm) -> Response {
    let new = NewRuntime {
        id: form.typed("id"),
        name: form.typed("name"),
        description: form.typed("description"),
        namespace: form.typed("namespace"),
        idempotency_key: form.typed("idempotency_key"),
    };
    match web.platform.create_runtime(&caller, new).await {
        Ok(id) => form::done(&form.request, &paths::runtime(&id), json!({ "runtime": id })),
        Err(error) => form::refuse(web, form, error).await,
    }
}
