//! The records of the consoles, read directly from their database.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

pub struct Records(Connection);

impl Records {
    pub fn open(folder: &Path) -> Records {
        let data = folder.join("data");
        let files = std::fs::read_dir(&data).expect("the data folder").filter_map(Result::ok);
        let file =
            files.map(|entry| entry.path()).find(|path| path.extension().is_some_and(|e| e == "sqlite" || e == "db"));
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        let connection = Connection::open_with_flags(file.expect("a database"), flags).expect("it can be read");
        connection.busy_timeout(Duration::from_secs(10)).expect("a setting");
        Records(connection)
    }

    /// Desired and recorded state of a version.
    pub fn state(&self, version: &str) -> String {
        let sql = "SELECT wish || ' ' || settled FROM versions WHERE name = ?1";
        self.0.query_row(sql, [version], |row| row.get(0)).expect("the version")
    }

    /// The audit entries of this action with this reason.
    pub fn entries(&self, action: &str, reason: &str) -> Vec<i64> {
        let mut statement =
            self.0.prepare_cached("SELECT id FROM audit WHERE kind = ?1 AND reason = ?2").expect("the audit");
        let found = statement.query_map([action, reason], |row| row.get(0)).expect("the audit");
        found.map(|id| id.expect("a number")).collect()
    }

    /// Kinds of the version's audit entries with this entry as their cause.
    pub fn caused_by(&self, entry: i64, version: &str) -> Vec<String> {
        let sql = "SELECT kind FROM audit WHERE cause = ?1 AND version = ?2 ORDER BY id";
        let mut statement = self.0.prepare_cached(sql).expect("the audit");
        let found = statement.query_map((entry, version), |row| row.get(0)).expect("the audit");
        found.map(|kind| kind.expect("a text")).collect()
    }
}
