//! The scale of Deployments and ReplicaSets (autoscaling/v1 Scale).

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::body::Body;
use super::{Call, render};
use crate::fields;
use crate::meta;
use crate::registry::{self, UpdateOptions};
use crate::status::ApiError;

/// Returns the scale.
pub fn get(call: &Call<'_>) -> Result<Response, ApiError> {
    let key = call.target.key();
    let object = call.store.get(&key).ok_or_else(|| ApiError::not_found(call.target.kind, &key.name))?;
    Ok(render::json(StatusCode::OK, &scale(&object)))
}

/// Changes the desired number of pods, by PUT or by a patch.
pub fn set(call: &Call<'_>, body: Body) -> Result<Response, ApiError> {
    let (kind, key) = (call.target.kind, call.target.key());
    let manager = call.params.manager(&call.agent, "scale");
    let updated = call.write(|write| {
        let old = write.get(&key).ok_or_else(|| ApiError::not_found(kind, &key.name))?;
        let mut asked = scale(&old);
        match body.media_type.as_str() {
            "application/json-patch+json" => fields::json_patch(&mut asked, &body.json()?)?,
            "application/merge-patch+json" | "application/strategic-merge-patch+json" => {
                fields::merge_patch(&mut asked, &body.json()?);
            }
            "application/apply-patch+yaml" => fields::merge_patch(&mut asked, &body.yaml()?),
            _ => asked = body.object()?,
        }
        let given = meta::text(&asked, "resourceVersion");
        if !given.is_empty() && given != meta::text(&old, "resourceVersion") {
            return Err(ApiError::modified(kind, &key.name));
        }
        let mut new = old.as_ref().clone();
        new["spec"]["replicas"] = asked["spec"]["replicas"].as_i64().unwrap_or(0).into();
        registry::update(write, kind, &key, new, UpdateOptions { manager: Some(&manager), status: false })
    })?;
    Ok(render::json(StatusCode::OK, &scale(&updated)))
}

fn scale(object: &Value) -> Value {
    let labels = object["spec"]["selector"]["matchLabels"].as_object().into_iter().flatten();
    let selector: Vec<String> =
        labels.map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default())).collect();
    let metadata = &object["metadata"];
    json!({
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {
            "name": metadata["name"],
            "namespace": metadata["namespace"],
            "uid": metadata["uid"],
            "resourceVersion": metadata["resourceVersion"],
            "creationTimestamp": metadata["creationTimestamp"],
        },
        "spec": { "replicas": object["spec"]["replicas"].as_i64().unwrap_or(0) },
        "status": { "replicas": object["status"]["replicas"].as_i64().unwrap_or(0), "selector": selector.join(",") },
    })
}
