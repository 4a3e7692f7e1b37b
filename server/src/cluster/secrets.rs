//! Secrets as they are kept and compared: a hash in place of each value.

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use sha2::{Digest, Sha256};

/// Puts the SHA-256 of each value in its place.
pub(super) fn seal(secret: &mut Secret) {
    for value in secret.data.iter_mut().flat_map(|data| data.values_mut()) {
        *value = ByteString(Sha256::digest(&value.0).to_vec());
    }
}
