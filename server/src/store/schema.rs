//! The schema and its migrations: numbered, each applied once, in order, in one transaction.

use app::model::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::StoreError;

/// Never change a released migration: add another one.
const MIGRATIONS: [&str; 2] = [include_str!("schema/0001.sql"), include_str!("schema/0002.sql")];

/// Migrates the database to the newest schema. Also writes the current time, so that a full or read-only disk is
/// detected now and not at the first action.
pub(super) fn migrate(connection: &mut Connection, now: Timestamp) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS migrations (number INTEGER NOT NULL PRIMARY KEY, at INTEGER NOT NULL)",
    )?;
    let found: Option<i64> =
        transaction.query_row("SELECT MAX(number) FROM migrations", [], |row| row.get(0)).optional()?.flatten();
    let found = found.unwrap_or(0);
    let known = MIGRATIONS.len() as i64;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (number, sql) in (1..).zip(MIGRATIONS).skip_while(|(number, _)| *number <= found) {
        transaction.execute_batch(sql)?;
        transaction.execute("INSERT INTO migrations (number, at) VALUES (?1, ?2)", (number, now.0))?;
    }
    transaction.execute(
        "INSERT INTO meta (name, value) VALUES ('opened', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [now.0.to_string()],
    )?;
    transaction.commit()?;
    Ok(())
}
