//! The server side of the server functions: the caller, the platform, and the HTTP status of errors.

use std::sync::Arc;

use axum::http::StatusCode;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::Platform;
use crate::error::{Error, ErrorKind};
use crate::model::Caller;

/// Calls the platform in the caller's name. Fails when there is no caller or no platform. An error also sets the status
/// of the HTTP response, here and nowhere else, whether it answers a server function or renders a page.
pub async fn answer<T, A>(ask: impl FnOnce(Caller, Arc<dyn Platform>) -> A) -> Result<T, Error>
where
    A: Future<Output = Result<T, Error>>,
{
    // Taken before the first await: afterwards the context may belong to another request.
    let response = use_context::<ResponseOptions>();
    let answer = match (caller(), platform()) {
        (Ok(caller), Ok(platform)) => ask(caller, platform).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    if let (Err(error), Some(response)) = (&answer, response)
        && let Ok(status) = StatusCode::from_u16(error.status())
    {
        response.set_status(status);
    }
    answer
}

/// Returns a fresh idempotency key. Fails when the caller is not signed in.
pub fn new_idempotency_key() -> Result<String, Error> {
    caller()?;
    Ok(platform()?.new_idempotency_key())
}

fn caller() -> Result<Caller, Error> {
    use_context::<Caller>().ok_or_else(|| {
        Error::new(ErrorKind::SignedOut, "You are not signed in, or your session has expired. Sign in and try again.")
    })
}

fn platform() -> Result<Arc<dyn Platform>, Error> {
    use_context::<Arc<dyn Platform>>()
        .ok_or_else(|| Error::new(ErrorKind::Internal, "The console is not ready. Try again in a moment."))
}
