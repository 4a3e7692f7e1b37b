//! Users and their one-time sign-in links.

use app::model::{Caller, Timestamp};
use krt::roles::Role;
use rusqlite::{OptionalExtension, Transaction};

use super::audit::{self, Entry};
use super::sessions::{DAY, MINUTE, caller};
use super::{Store, StoreError, secrets, sessions};

/// How long a sign-in link is valid, in milliseconds: 15 minutes.
pub const SIGN_IN_LINK_LIFE: i64 = 15 * MINUTE;

/// The result of using a sign-in link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// `token`: the session's token, which only the cookie contains.
    SignedIn {
        token: String,
        caller: Caller,
    },
    /// The link was used before, possibly by someone other than its owner.
    Used,
    Expired,
    Unknown,
}

impl Store {
    /// Returns the user of that name, created with this role when missing.
    pub async fn ensure_user(&self, name: &str, role: Role) -> Result<Caller, StoreError> {
        let (name, now) = (name.to_owned(), self.now());
        self.write(move |_, transaction, _| {
            let found = transaction
                .prepare_cached("SELECT id, name, role FROM users WHERE name = ?1")?
                .query_row([&name], caller)
                .optional()?;
            match found {
                Some(user) => Ok(user),
                None => Ok(transaction.query_row(
                    "INSERT INTO users (name, role, created_at) VALUES (?1, ?2, ?3) RETURNING id, name, role",
                    (&name, role.as_str(), now.0),
                    caller,
                )?),
            }
        })
        .await
    }

    /// Creates a token that signs this user in once, within [`SIGN_IN_LINK_LIFE`]. For the terminal only: never log it.
    pub async fn create_sign_in_link(&self, user: i64) -> Result<String, StoreError> {
        let now = self.now();
        self.write(move |_, transaction, _| {
            let token = secrets::token()?;
            transaction.execute("DELETE FROM sign_in_links WHERE expires_at < ?1", [now.0 - DAY])?;
            transaction.execute(
                "INSERT INTO sign_in_links (token_hash, user_id, expires_at) VALUES (?1, ?2, ?3)",
                (secrets::hash(&token), user, now.0 + SIGN_IN_LINK_LIFE),
            )?;
            Ok(token)
        })
        .await
    }

    /// Redeems a sign-in link and opens a session that lives for `life` milliseconds without use. Invalid tokens, which
    /// anyone may send, are refused without a write.
    pub async fn redeem_sign_in_link(&self, token: &str, life: i64) -> Result<Redeemed, StoreError> {
        let (hash, judged, now) = (secrets::hash(token), self.judged_now(), self.now());
        let known = {
            let hash = hash.clone();
            self.read(move |_, transaction| find(transaction, &hash, judged)).await?
        };
        match known {
            Link::Good { .. } => {}
            Link::Expired => {
                self.end_expired_soon();
                return Ok(Redeemed::Expired);
            }
            Link::Used => return Ok(Redeemed::Used),
            Link::Unknown => return Ok(Redeemed::Unknown),
        }
        self.write(move |_, transaction, _| {
            // Checked again, since another request may have redeemed the link meanwhile.
            let user = match find(transaction, &hash, judged)? {
                Link::Good { user } => user,
                Link::Expired => return Ok(Redeemed::Expired),
                Link::Used => return Ok(Redeemed::Used),
                Link::Unknown => return Ok(Redeemed::Unknown),
            };
            transaction.execute("UPDATE sign_in_links SET used_at = ?2 WHERE token_hash = ?1", (&hash, now.0))?;
            let caller = transaction.query_row("SELECT id, name, role FROM users WHERE id = ?1", [user], caller)?;
            let token = sessions::open(transaction, user, now, life)?;
            let entry = Entry { caller: Some(&caller), kind: "sign-in", reason: "", ..Entry::default() };
            audit::write(transaction, &entry, now)?;
            Ok(Redeemed::SignedIn { token, caller })
        })
        .await
    }
}

/// The state of a link.
enum Link {
    Good { user: i64 },
    Used,
    Expired,
    Unknown,
}

fn find(transaction: &Transaction, hash: &str, now: Timestamp) -> Result<Link, StoreError> {
    let mut statement = transaction
        .prepare_cached("SELECT user_id, expires_at, used_at, expired FROM sign_in_links WHERE token_hash = ?1")?;
    let found: Option<(i64, i64, Option<i64>, bool)> =
        statement.query_row([hash], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).optional()?;
    Ok(match found {
        None => Link::Unknown,
        Some((_, _, Some(_), _)) => Link::Used,
        Some((.., true)) => Link::Expired,
        Some((_, expires, ..)) if expires <= now.0 => Link::Expired,
        // No link is valid for so long: it was created while the machine's clock was far ahead.
        Some((_, expires, ..)) if expires > now.0.saturating_add(SIGN_IN_LINK_LIFE + DAY) => Link::Expired,
        Some((user, ..)) => Link::Good { user },
    })
}
