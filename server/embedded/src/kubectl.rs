//! What only kubectl needs: discovery, OpenAPI, tables of objects, and bodies in protobuf.

use axum::Router;
use axum::routing::get;

pub use protobuf::object as object_of_protobuf;
pub use table::table;

mod discovery;
mod openapi;
mod protobuf;
mod table;

/// Discovery and OpenAPI.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/api", get(discovery::core_versions))
        .route("/api/v1", get(discovery::core_resources))
        .route("/apis", get(discovery::groups))
        .route("/apis/{group}", get(discovery::group))
        .route("/apis/{group}/{version}", get(discovery::group_resources))
        .route("/openapi/v3", get(openapi::index))
        .route("/openapi/v3/api/v1", get(openapi::core))
        .route("/openapi/v3/apis/{group}/{version}", get(openapi::group))
}
