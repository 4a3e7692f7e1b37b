//! The body of a request.

use axum::http::{HeaderMap, header};
use serde_json::Value;

use super::protobuf;
use crate::status::ApiError;

/// What the real server takes at most: 3 MiB.
const MOST: usize = 3 * 1024 * 1024;

/// Media types of whole objects.
const OBJECTS: [&str; 3] = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

/// A body that has been read whole.
#[derive(Debug)]
pub struct Body {
    /// Without parameters; empty when none was named.
    pub media_type: String,
    pub bytes: Vec<u8>,
}

impl Body {
    /// Reads it.
    ///
    /// # Errors
    /// 413 when it is too large, 400 when it ends early.
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

    /// The object in it, JSON or YAML.
    ///
    /// # Errors
    /// 415 for other media types and for kinds that are not read from protobuf, 400 when it cannot be read.
    pub fn object(&self) -> Result<Value, ApiError> {
        match self.media_type.as_str() {
            "" | "application/json" => self.json(),
            "application/yaml" => self.yaml(),
            "application/vnd.kubernetes.protobuf" => {
                protobuf::object(&self.bytes).ok_or_else(|| ApiError::unsupported_media_type(&OBJECTS[..2]))
            }
            _ => Err(ApiError::unsupported_media_type(&OBJECTS[..2])),
        }
    }

    /// The options of a delete, which may be left out.
    ///
    /// # Errors
    /// As [`Body::object`].
    pub fn options(&self) -> Result<Value, ApiError> {
        if self.bytes.is_empty() { Ok(Value::Null) } else { self.object() }
    }

    /// The body as JSON, whatever its media type.
    ///
    /// # Errors
    /// 400 when it is not JSON.
    pub fn json(&self) -> Result<Value, ApiError> {
        serde_json::from_slice(&self.bytes)
            .map_err(|error| ApiError::bad_request(format!("error decoding JSON of the request: {error}")))
    }

    /// The body as YAML, of which JSON is a part.
    ///
    /// # Errors
    /// 400 when it is not YAML.
    pub fn yaml(&self) -> Result<Value, ApiError> {
        // JSON is tried first: much faster, and what clients send.
        serde_json::from_slice(&self.bytes).or_else(|_| {
            serde_yaml::from_slice(&self.bytes)
                .map_err(|error| ApiError::bad_request(format!("error decoding YAML: {error}")))
        })
    }
}
