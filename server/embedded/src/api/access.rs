//! SelfSubjectAccessReview and SelfSubjectRulesReview: everybody may do everything here.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::body::Body;
use super::render;
use crate::status::ApiError;

const GROUP: &str = "/apis/authorization.k8s.io/v1/";

/// Is it one of the reviews, which are answered and never kept?
pub fn is_review(path: &str) -> bool {
    path.strip_prefix(GROUP).is_some_and(|kind| matches!(kind, "selfsubjectaccessreviews" | "selfsubjectrulesreviews"))
}

/// Answers a review.
pub fn review(body: &Body) -> Result<Response, ApiError> {
    let mut review = body.object()?;
    let everything = json!([{ "verbs": ["*"], "apiGroups": ["*"], "resources": ["*"] }]);
    review["status"] = if review["kind"] == "SelfSubjectRulesReview" {
        let paths = json!([{ "verbs": ["*"], "nonResourceURLs": ["*"] }]);
        json!({ "resourceRules": everything, "nonResourceRules": paths, "incomplete": false })
    } else {
        json!({ "allowed": true, "reason": "this cluster is a simulation without access control" })
    };
    Ok(render::json(StatusCode::CREATED, &review))
}
