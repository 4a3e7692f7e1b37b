//! Users, their one-time sign-in links and their sessions.

use app::model::{Caller, Timestamp};
use krt::roles::Role;
use rusqlite::{OptionalExtension, Row, Transaction};

use super::audit::{self, Entry};
use super::{Store, StoreError, secrets};

const MINUTE: i64 = 60 * 1000;
const DAY: i64 = 24 * 60 * MINUTE;

/// How long a sign-in link is good for, in milliseconds: 15 minutes.
pub const SIGN_IN_LINK_LIFE: i64 = 15 * MINUTE;

/// How long a session lives without being used where nothing else is set, in milliseconds: a week, so that one who
/// works daily stays signed in.
pub const SESSION_LIFE: i64 = 7 * DAY;

/// How long a session lives at most, in milliseconds, however much it is used: 30 days.
pub const SESSION_LONGEST: i64 = 30 * DAY;

/// A session is extended when at least this much of its life, in milliseconds, was used up: so a page costs a write
/// once an hour, not every time. Of a short life it is a tenth.
const EXTEND_AFTER: i64 = 60 * MINUTE;

/// What became of a sign-in link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// The session's token, which only its cookie holds.
    SignedIn {
        token: String,
        caller: Caller,
    },
    /// It was used before; who used it may not have been its owner.
    Used,
    Expired,
    Unknown,
}

impl Store {
    /// The user of that name, made with this role when missing.
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

    /// A token that signs this user in once, within [`SIGN_IN_LINK_LIFE`]. For the terminal only: never log it.
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

    /// Uses up a sign-in link and opens a session that lives for `life` milliseconds unused.
    pub async fn redeem_sign_in_link(&self, token: &str, life: i64) -> Result<Redeemed, StoreError> {
        let (hash, now) = (secrets::hash(token), self.now());
        self.write(move |_, transaction, _| {
            let found: Option<(i64, i64, Option<i64>)> = transaction
                .query_row(
                    "SELECT user_id, expires_at, used_at FROM sign_in_links WHERE token_hash = ?1",
                    [&hash],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
                )
                .optional()?;
            let user = match found {
                None => return Ok(Redeemed::Unknown),
                Some((_, _, Some(_))) => return Ok(Redeemed::Used),
                Some((_, expires, _)) if expires <= now.0 => return Ok(Redeemed::Expired),
                Some((user, ..)) => user,
            };
            transaction.execute("UPDATE sign_in_links SET used_at = ?2 WHERE token_hash = ?1", (&hash, now.0))?;
            let caller = transaction.query_row("SELECT id, name, role FROM users WHERE id = ?1", [user], caller)?;
            let token = open_session(transaction, user, now, life)?;
            let entry = Entry { caller: Some(&caller), kind: "sign-in", reason: "", ..Entry::default() };
            audit::write(transaction, &entry, now)?;
            Ok(Redeemed::SignedIn { token, caller })
        })
        .await
    }

    /// Whose session this is, if it lives; using it keeps it alive for another `life` milliseconds.
    pub async fn session(&self, token: &str, life: i64) -> Result<Option<Caller>, StoreError> {
        let (hash, now) = (secrets::hash(token), self.now());
        let found = {
            let hash = hash.clone();
            self.read(move |_, transaction| session(transaction, &hash, now)).await?
        };
        let Some((caller, created, expires)) = found else { return Ok(None) };
        let later = (now.0 + life).min(created.0 + SESSION_LONGEST);
        if later - expires.0 >= EXTEND_AFTER.min(life / 10) {
            self.write(move |_, transaction, _| {
                transaction
                    .prepare_cached("UPDATE sessions SET expires_at = ?2 WHERE token_hash = ?1")?
                    .execute((&hash, later))?;
                Ok::<_, StoreError>(())
            })
            .await?;
        }
        Ok(Some(caller))
    }

    /// Ends a session; one that is not there is ended already.
    pub async fn end_session(&self, token: &str) -> Result<(), StoreError> {
        let hash = secrets::hash(token);
        self.write(move |_, transaction, _| {
            transaction.execute("DELETE FROM sessions WHERE token_hash = ?1", [hash])?;
            Ok(())
        })
        .await
    }
}

fn open_session(transaction: &Transaction, user: i64, now: Timestamp, life: i64) -> Result<String, StoreError> {
    let token = secrets::token()?;
    transaction.execute("DELETE FROM sessions WHERE expires_at <= ?1", [now.0])?;
    transaction.execute(
        "INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
        (secrets::hash(&token), user, now.0, now.0 + life.min(SESSION_LONGEST)),
    )?;
    Ok(token)
}

/// Whose it is, since when and until when.
fn session(
    transaction: &Transaction,
    hash: &str,
    now: Timestamp,
) -> Result<Option<(Caller, Timestamp, Timestamp)>, StoreError> {
    let mut statement = transaction.prepare_cached(
        "SELECT u.id, u.name, u.role, s.created_at, s.expires_at FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = ?1 AND s.expires_at > ?2",
    )?;
    let found =
        statement.query_row((hash, now.0), |row| Ok((caller(row)?, Timestamp(row.get(3)?), Timestamp(row.get(4)?))));
    Ok(found.optional()?)
}

fn caller(row: &Row) -> rusqlite::Result<Caller> {
    let role: String = row.get(2)?;
    // The schema allows no other names; should a later one do, the least role is the safe one.
    let role = Role::parse(&role).unwrap_or(Role::Viewer);
    Ok(Caller { id: row.get(0)?, name: row.get(1)?, role })
}
