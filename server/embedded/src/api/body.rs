//! Request bodies.

use axum::http::{HeaderMap, header};
use serde_json::Value;

use crate::kubectl;
use crate::status::ApiError;

/// The limit of the real server: 3 MiB.
const MOST: usize = 3 * 1024 * 1024;

/// Accepted media types of objects.
const OBJECTS: [&str; 3] = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

/// A body that was read completely.
#[derive(Debug)]
pub struct Body {
    /// Media type without parameters; empty when the request has none.
    pub media_type: String,
    pub bytes: Vec<u8>,
}

impl Body {
    /// Reads the body.
    ///
    /// # Errors
    /// 413 when the body is too large, 400 when it ends early.
    pub async fn read(headers: &HeaderMap, body: axum::body::Body) -> Result<Body, ApiError> {
        let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        if length.is_some_and(|length| length > MOST) {
            return Err(ApiError::too_large(MOST));
        }
        let bytes = axum::body::to_bytes(body, MOST).await.map_err(|_| ApiError::too_large(MOST))?;
        Ok(Body { media_type, bytes: bytes.to_vec() })
    }

    /// The object in the body: JSON, YAML or protobuf.
    ///
    /// # Errors
    /// 415 for other media types and for kinds without protobuf support, 400 when the body is malformed.
    pub fn object(&self) -> Result<Value, ApiError> {
        match self.media_type.as_str() {
            "" | "application/json" => self.json(),
            "application/yaml" => self.yaml(),
            "application/vnd.kubernetes.protobuf" => {
                kubectl::object_of_protobuf(&self.bytes).ok_or_else(|| ApiError::unsupported_media_type(&OBJECTS[..2]))
            }
            _ => Err(ApiError::unsupported_media_type(&OBJECTS[..2])),
        }
    }

    /// The options of a delete, which may be omitted.
    ///
    /// # Errors
    /// As [`Body::object`].
    pub fn options(&self) -> Result<Value, ApiError> {
        if self.bytes.is_empty() { Ok(Value::Null) } else { self.object() }
    }

    /// The body as JSON, regardless of its media type.
    ///
    /// # Errors
    /// 400 when the body is not JSON.
    pub fn json(&self) -> Result<Value, ApiError> {
        serde_json::from_slice(&self.bytes)
            .map_err(|error| ApiError::bad_request(format!("error decoding JSON of the request: {error}")))
    }

    /// The body as YAML, which includes JSON.
    ///
    /// # Errors
    /// 400 when the body is not YAML.
    pub fn yaml(&self) -> Result<Value, ApiError> {
        // JSON first: parsing is much faster, and clients send JSON.
        serde_json::from_slice(&self.bytes).or_else(|_| {
            serde_yaml::from_slice(&self.bytes)
                .map_err(|error| ApiError::bad_request(format!("error decoding YAML: {error}")))
        })
    }
}
