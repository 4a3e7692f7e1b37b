//! Behind the doors, on the server: who asks, whom to ask, and the HTTP status of what could not be answered.

use std::sync::Arc;

use axum::http::StatusCode;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::error::{Error, ErrorKind};
use crate::model::Caller;
use crate::platform::Platform;

/// Asks the platform in the caller's name. An error's status becomes the response's, here and nowhere else: of a server
/// function's answer and of a page that is rendered with it alike.
pub async fn answer<T, A>(ask: impl FnOnce(Caller, Arc<dyn Platform>) -> A) -> Result<T, Error>
where
    A: Future<Output = Result<T, Error>>,
{
    // Taken before anything is awaited: afterwards the context may be another's.
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

/// A fresh ID for a form, for those who are signed in.
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
        .ok_or_else(|| Error::new(ErrorKind::Internal, "The console is not ready to answer. Try again in a moment."))
}
