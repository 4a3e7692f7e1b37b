//! The form that creates a runtime.

use app::model::NewRuntime;
use app::paths;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use crate::web::Web;
use crate::web::form::{self, Form, FormField};
use crate::web::session::SignedIn;

pub const FIELDS: &[FormField] = &[
    FormField::line("id"),
    FormField::line("name"),
    FormField::text("description"),
    FormField::line("namespace"),
    FormField::line("form"),
];

pub async fn create(State(web): State<Web>, SignedIn(caller): SignedIn, form: Form) -> Response {
    let new = NewRuntime {
        id: form.typed("id"),
        name: form.typed("name"),
        description: form.typed("description"),
        namespace: form.typed("namespace"),
        form: form.typed("form"),
    };
    match web.platform.create_runtime(&caller, new).await {
        Ok(id) => form::done(&form.request, &paths::runtime(&id), json!({ "runtime": id })),
        Err(error) => form::refuse(web, form, error).await,
    }
}
