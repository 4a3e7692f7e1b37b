//! Secrets as they are cached and compared: a hash in place of each value. Error messages never contain a value.

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Values shorter than this many bytes are not searched for in messages: `1` and `yes` occur in many texts.
const TELLING: usize = 4;

/// Replaces each value with its SHA-256.
pub(super) fn seal(secret: &mut Secret) {
    for value in secret.data.iter_mut().flat_map(|data| data.values_mut()) {
        *value = ByteString(Sha256::digest(&value.0).to_vec());
    }
}

/// Removes the cluster's message from an error about a Secret when it quotes one of the values, as a webhook's message
/// may: pages and the log show these errors.
pub(super) fn without_values(error: kube::Error, secret: &Value) -> kube::Error {
    let kube::Error::Api(mut status) = error else { return error };
    if quotes(secret, &format!("{status:?}")) || quotes(secret, &status.message) {
        status.message = "message hidden because it contains a value of this Secret".to_owned();
        status.details = None;
    }
    kube::Error::Api(status)
}

/// Whether a text contains one of the values, in plain text or in base64.
fn quotes(secret: &Value, text: &str) -> bool {
    let encoded = secret["data"].as_object().into_iter().flat_map(|data| data.values()).filter_map(Value::as_str);
    let decoded = serde_json::from_value::<Secret>(secret.clone()).unwrap_or_default().data.unwrap_or_default();
    let decoded: Vec<_> = decoded.into_values().filter_map(|value| String::from_utf8(value.0).ok()).collect();
    let all = encoded.chain(decoded.iter().map(String::as_str));
    all.filter(|value| value.len() >= TELLING).any(|value| text.contains(value))
}

#[cfg(test)]
mod tests {
    use kube::core::Status;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_refusal_that_quotes_a_value_is_reported_without_its_message() {
        let secret = json!({"data": {"KRT_MONGO_URI": "bW9uZ29kYjovL2FkYTpwL3dAaA==", "SHORT": "MQ=="}});
        let said = |words: &str| {
            let status = Status { message: words.to_owned(), code: 403, ..Status::default() };
            without_values(kube::Error::Api(status.boxed()), &secret).to_string()
        };
        for telling in ["denied: mongodb://ada:p/w@h is no URL", "denied: bW9uZ29kYjovL2FkYTpwL3dAaA=="] {
            assert!(said(telling).contains("message hidden"), "{}", said(telling));
        }
        assert!(said("exceeded quota: secrets=1").contains("exceeded quota: secrets=1"));
    }
}
