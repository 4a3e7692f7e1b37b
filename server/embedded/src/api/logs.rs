//! Logs of a pod's container.

use axum::response::Response;

use super::Call;
use crate::status::ApiError;

pub fn logs(_call: &Call<'_>) -> Result<Response, ApiError> {
    Err(ApiError::method_not_allowed())
}
