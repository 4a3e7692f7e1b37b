//! The form of a response that a client accepts.

use axum::http::{HeaderMap, header};

/// The form of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    Object,
    /// `application/json;as=Table`: rows for display.
    Table,
    /// `application/json;as=PartialObjectMetadata[List]`.
    Metadata,
    /// `application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList`: aggregated discovery.
    Discovery,
}

impl Accept {
    /// The first form in the Accept header that this server supports.
    pub fn of(headers: &HeaderMap) -> Accept {
        let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        for choice in accept.split(',') {
            let mut parts = choice.split(';').map(str::trim);
            let media_type = parts.next().unwrap_or_default();
            if !matches!(media_type, "application/json" | "*/*" | "application/*") {
                continue;
            }
            let parameters: Vec<&str> = parts.collect();
            let shape = parameters.iter().find_map(|one| one.strip_prefix("as="));
            let version = parameters.iter().find_map(|one| one.strip_prefix("v=")).unwrap_or("v1");
            match (shape, version) {
                (None, _) => return Accept::Object,
                (Some("APIGroupDiscoveryList"), "v2") => return Accept::Discovery,
                (Some("Table"), "v1") => return Accept::Table,
                (Some("PartialObjectMetadata" | "PartialObjectMetadataList"), "v1") => return Accept::Metadata,
                _ => {}
            }
        }
        Accept::Object
    }
}
