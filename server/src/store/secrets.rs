//! Random IDs and tokens, the store's identity, and the tokens that let a version's pods fetch their package.

use hmac::{Hmac, Mac};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use sha2::{Digest, Sha256};

use super::{Store, StoreError};

/// 256 random bits that never leave the store.
pub(super) type Key = [u8; 32];

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
    let instance = meta("instance", hex::encode(random::<6>()?))?;
    let key = meta("key", hex::encode(random::<32>()?))?;
    transaction.commit()?;
    let mut bytes = Key::default();
    hex::decode_to_slice(&key, &mut bytes).map_err(|_| StoreError::corrupt("the key of the store"))?;
    Ok(StoreIdentity { instance, key: bytes })
}

/// A token for links and cookies: 256 random bits in hex, so that it needs no escaping anywhere.
pub(super) fn token() -> Result<String, StoreError> {
    Ok(hex::encode(random::<32>()?))
}

/// The stored hash of a token. Tokens are random, so no slow hash is needed.
pub(super) fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

impl Store {
    /// The token with which only the pods of this version may download its package.
    pub fn package_token(&self, uid: &str) -> String {
        hex::encode(package_mac(&self.0.key, uid).finalize().into_bytes())
    }

    /// Whether this is the token of that version, compared in constant time.
    pub fn is_package_token(&self, uid: &str, token: &str) -> bool {
        hex::decode(token).is_ok_and(|token| package_mac(&self.0.key, uid).verify_slice(&token).is_ok())
    }
}

fn package_mac(key: &Key, uid: &str) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.chain_update("package ").chain_update(uid)
}

fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pods that run during an upgrade keep their token.
    #[test]
    fn the_token_of_a_package_stays_the_same() {
        let token = hex::encode(package_mac(&[0x0b; 32], "uid-of-v1").finalize().into_bytes());
        assert_eq!(token, "acc1aa8fc2a0716cdb68bd2fb457dc7d2d149efb3e79abc7e22f90199d9fb98f");
    }
}
