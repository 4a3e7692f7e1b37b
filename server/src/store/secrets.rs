//! Random IDs and tokens, the store's identity, and the tokens that let a version's pods fetch their package.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use sha2::{Digest, Sha256};

use super::{Store, StoreError};

/// 256 random bits that never leave the store.
pub(super) type Key = [u8; 32];

/// SHA-256 works on blocks of this many bytes (FIPS 180-4); HMAC pads its key to one.
const BLOCK: usize = 64;

/// The identity of a store, created once.
pub(super) struct StoreIdentity {
    pub(super) instance: String,
    pub(super) key: Key,
}

/// Reads the store's identity, or creates it.
pub(super) fn identity(connection: &mut Connection) -> Result<StoreIdentity, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let meta = |name: &str, fresh: String| -> Result<String, StoreError> {
        let found =
            transaction.query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0)).optional()?;
        if let Some(found) = found {
            return Ok(found);
        }
        transaction.execute("INSERT INTO meta (name, value) VALUES (?1, ?2)", [name, &fresh])?;
        Ok(fresh)
    };
    let instance = meta("instance", hex(&random::<6>()?))?;
    let key = meta("key", hex(&random::<32>()?))?;
    transaction.commit()?;
    let key = unhex(&key).ok_or_else(|| StoreError::corrupt("the key of the store"))?;
    Ok(StoreIdentity { instance, key })
}

/// A token for links and cookies: 256 random bits in hex, so that it needs no escaping anywhere.
pub(super) fn token() -> Result<String, StoreError> {
    Ok(hex(&random::<32>()?))
}

/// The stored hash of a token. Tokens are random, so no slow hash is needed.
pub(super) fn hash(token: &str) -> String {
    hex(&Sha256::digest(token))
}

impl Store {
    /// The token with which only the pods of this version may download its package.
    pub fn package_token(&self, uid: &str) -> String {
        hex(&hmac(&self.0.key, format!("package {uid}").as_bytes()))
    }

    /// Whether this is the token of that version, compared in constant time.
    pub fn is_package_token(&self, uid: &str, token: &str) -> bool {
        let right = self.package_token(uid);
        let difference = right.bytes().zip(token.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
        right.len() == token.len() && std::hint::black_box(difference) == 0
    }
}

/// HMAC-SHA-256 (RFC 2104).
fn hmac(key: &Key, message: &[u8]) -> [u8; 32] {
    let mut inner = [0x36; BLOCK];
    let mut outer = [0x5c; BLOCK];
    for (position, byte) in key.iter().enumerate() {
        inner[position] ^= byte;
        outer[position] ^= byte;
    }
    let inner = Sha256::new().chain_update(inner).chain_update(message).finalize();
    Sha256::new().chain_update(outer).chain_update(inner).finalize().into()
}

fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Key> {
    let mut key = Key::default();
    if text.len() != 2 * key.len() || !text.is_ascii() {
        return None;
    }
    for (position, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * position..2 * position + 2)?, 16).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 1, with the key padded with zeros as in HMAC.
    #[test]
    fn hmac_agrees_with_its_rfc() {
        let mut key = Key::default();
        key[..20].fill(0x0b);
        assert_eq!(hex(&hmac(&key, b"Hi There")), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }

    #[test]
    fn a_key_is_read_back_from_its_text() {
        let key = random().unwrap();
        assert_eq!(unhex(&hex(&key)), Some(key));
        assert_eq!(unhex("abc"), None);
    }
}
