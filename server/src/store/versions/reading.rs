//! Reads versions: maps rows to [`Version`]s.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use app::model::{PackageInfo, Timestamp};
use krt::lifecycle::{Desired, Recorded};
use krt::manifest::{FileName, Manifest, VariableName};
use rusqlite::{Row, Transaction};
use serde::de::DeserializeOwned;

use super::super::{Inner, StoreError};
use crate::state::Version;

/// Parsed manifests by uid: manifests never change, and live pages read the same few again and again.
#[derive(Default)]
pub(in crate::store) struct ManifestCache(Mutex<Cached>);

#[derive(Default)]
struct Cached {
    manifests: HashMap<String, Arc<Manifest>>,
    /// Total bytes of their JSON.
    bytes: usize,
}

/// Maximum bytes of JSON of all cached manifests (about a thousand usual ones), and of a single one. Parsed manifests
/// take a few times as much memory.
const CACHED: usize = 4 * 1024 * 1024;
const LONGEST_CACHED: usize = CACHED / 4;

const COLUMNS: &str = "SELECT v.uid, v.runtime, v.name, v.wish, v.settled, v.since, v.since_by, v.deadline,
     v.failure_json, v.package, p.size, p.unpacked, p.members, v.file, v.created_at, v.created_by, v.manifest_json
     FROM versions v JOIN packages p ON p.sha256 = v.package";

pub(in crate::store) fn find(
    inner: &Inner,
    transaction: &Transaction,
    runtime: &str,
    name: &str,
) -> Result<Option<Version>, StoreError> {
    Ok(select(inner, transaction, "WHERE v.runtime = ?1 AND v.name = ?2", [runtime, name])?.pop())
}

pub(in crate::store) fn find_by_uid(
    inner: &Inner,
    transaction: &Transaction,
    uid: &str,
) -> Result<Option<Version>, StoreError> {
    Ok(select(inner, transaction, "WHERE v.uid = ?1", [uid])?.pop())
}

pub(super) fn select(
    inner: &Inner,
    transaction: &Transaction,
    which: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<Version>, StoreError> {
    let mut versions = Vec::new();
    each(inner, transaction, which, values, |version| versions.push(version))?;
    Ok(versions)
}

/// Passes versions to `take` one after the other, so that only one of them is in memory.
pub(in crate::store) fn each(
    inner: &Inner,
    transaction: &Transaction,
    which: &str,
    values: impl rusqlite::Params,
    mut take: impl FnMut(Version),
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(&format!("{COLUMNS} {which}"))?;
    let mut rows = statement.query(values)?;
    while let Some(row) = rows.next()? {
        let mut version = version(&inner.manifests, row)?;
        version.missing_configuration = missing_configuration(transaction, &version)?;
        take(version);
    }
    Ok(())
}

fn version(manifests: &ManifestCache, row: &Row) -> Result<Version, StoreError> {
    let uid: String = row.get(0)?;
    let desired: String = row.get(3)?;
    let recorded: String = row.get(4)?;
    let failure: Option<String> = row.get(8)?;
    Ok(Version {
        runtime: row.get(1)?,
        name: row.get(2)?,
        desired: Desired::parse(&desired)
            .ok_or_else(|| StoreError::corrupt(format!("the desired state of version {uid}: {desired}")))?,
        recorded: Recorded::parse(&recorded)
            .ok_or_else(|| StoreError::corrupt(format!("the recorded state of version {uid}: {recorded}")))?,
        since: Timestamp(row.get(5)?),
        since_by: row.get(6)?,
        deadline: row.get::<_, Option<i64>>(7)?.map(Timestamp),
        failure: failure.map(|failure| from_json(&failure, "the failure of version", &uid)).transpose()?,
        missing_configuration: Vec::new(),
        package: PackageInfo {
            sha256: row.get(9)?,
            size: bytes(row, 10)?,
            unpacked: bytes(row, 11)?,
            members: row.get(12)?,
            file: row.get(13)?,
        },
        created_at: Timestamp(row.get(14)?),
        created_by: row.get(15)?,
        manifest: manifests.parsed(&uid, row, 16)?,
        uid,
    })
}

/// Sizes are far below 2^63, where SQLite's integers end.
fn bytes(row: &Row, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.cast_unsigned())
}

impl ManifestCache {
    fn parsed(&self, uid: &str, row: &Row, column: usize) -> Result<Arc<Manifest>, StoreError> {
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(manifest) = cached.manifests.get(uid) {
            return Ok(manifest.clone());
        }
        let text: String = row.get(column)?;
        let manifest = Arc::new(from_json::<Manifest>(&text, "the manifest of version", uid)?);
        if text.len() > LONGEST_CACHED {
            return Ok(manifest);
        }
        if cached.bytes + text.len() > CACHED {
            *cached = Cached::default();
        }
        cached.bytes += text.len();
        cached.manifests.insert(uid.to_owned(), manifest.clone());
        Ok(manifest)
    }
}

pub(in crate::store) fn from_json<T: DeserializeOwned>(text: &str, what: &str, which: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::corrupt(format!("{what} {which}: {error}")))
}

pub(in crate::store) fn to_json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::corrupt(format!("a value to be stored: {error}")))
}

/// The declared values of a version that are not set.
pub(in crate::store) fn missing_configuration(
    transaction: &Transaction,
    version: &Version,
) -> Result<Vec<String>, StoreError> {
    let declared = &version.manifest.config;
    if declared.variables.is_empty() && declared.files.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = transaction.prepare_cached("SELECT name FROM configuration WHERE version = ?1")?;
    let set = statement.query_map([&version.uid], |row| row.get(0))?;
    let set: HashSet<String> = set.collect::<Result<_, _>>()?;
    let variables = declared.variables.iter().map(VariableName::as_str);
    let all = variables.chain(declared.files.iter().map(FileName::as_str));
    Ok(all.filter(|name| !set.contains(*name)).map(str::to_owned).collect())
}
