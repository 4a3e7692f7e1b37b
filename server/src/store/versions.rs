//! Versions: their uploaded content never changes, their desired and recorded states do.

use std::collections::HashSet;

use app::model::{Caller, PackageInfo, PackageMember, Timestamp};
use krt::diagnostic::Diagnostic;
use krt::lifecycle::{Action, Status};
use krt::manifest::Manifest;
use rusqlite::{OptionalExtension, Transaction};

use super::audit::{self, Entry};
use super::idempotency::{self, KeyReused, Sending};
use super::{Store, StoreError, runtimes};
use crate::changes::Change;
use crate::state::{Runtime, Version};

pub(super) mod reading;

use reading::select;
pub(super) use reading::{ManifestCache, find, find_by_uid, from_json, to_json};

mod listing;
pub use listing::VersionPage;

mod members;

/// A version to be created; its package is stored already.
#[derive(Clone, Debug)]
pub struct NewVersion {
    pub runtime: String,
    pub reason: String,
    pub idempotency_key: String,
    pub manifest: Manifest,
    pub manifest_text: String,
    /// Warnings and hints of the accepted package.
    pub diagnostics: Vec<Diagnostic>,
    pub package: PackageInfo,
    pub members: Vec<PackageMember>,
}

#[derive(Debug, thiserror::Error)]
pub enum CreateVersionError {
    #[error("runtime {0} does not exist")]
    NoRuntime(String),
    #[error("version \"{name}\" already exists in this runtime")]
    Taken { name: String, archived: bool },
    #[error(transparent)]
    KeyReused(#[from] KeyReused),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// The versions of a runtime, newest first, including archived ones.
    pub async fn versions_of(&self, runtime: &str) -> Result<Vec<Version>, StoreError> {
        let runtime = runtime.to_owned();
        self.read(move |inner, transaction| {
            select(inner, transaction, "WHERE v.runtime = ?1 ORDER BY v.created_at DESC, v.name", [runtime])
        })
        .await
    }

    /// A runtime and its versions that are not archived, newest first, from one snapshot.
    pub async fn present_versions(&self, runtime: &str) -> Result<Option<(Runtime, Vec<Version>)>, StoreError> {
        let id = runtime.to_owned();
        self.read(move |inner, transaction| {
            let Some(runtime) = runtimes::find(transaction, &id)? else { return Ok(None) };
            let which = "WHERE v.runtime = ?1 AND v.wish <> 'archived' ORDER BY v.created_at DESC, v.name";
            Ok(Some((runtime, select(inner, transaction, which, [id])?)))
        })
        .await
    }

    /// The versions of one runtime, or of all, that may need attention: not archived, and either not stopped or with a
    /// failure.
    pub async fn busy_versions(&self, runtime: Option<&str>) -> Result<Vec<Version>, StoreError> {
        let runtime = runtime.map(str::to_owned);
        self.read(move |inner, transaction| {
            let which = "WHERE v.wish <> 'archived' AND (v.settled <> 'stopped' OR v.failure_json IS NOT NULL)
                 AND (?1 IS NULL OR v.runtime = ?1)";
            select(inner, transaction, which, [runtime])
        })
        .await
    }

    /// A runtime and one version of it by name, from one snapshot.
    pub async fn version(&self, runtime: &str, name: &str) -> Result<Option<(Runtime, Version)>, StoreError> {
        let (runtime, name) = (runtime.to_owned(), name.to_owned());
        self.read(move |inner, transaction| {
            let Some(version) = find(inner, transaction, &runtime, &name)? else { return Ok(None) };
            Ok(runtimes::find(transaction, &runtime)?.map(|runtime| (runtime, version)))
        })
        .await
    }

    /// One version by its uid.
    pub async fn version_by_uid(&self, uid: &str) -> Result<Option<Version>, StoreError> {
        let uid = uid.to_owned();
        self.read(move |inner, transaction| find_by_uid(inner, transaction, &uid)).await
    }

    /// The manifest as uploaded, and the warnings and hints of its check.
    pub async fn manifest_text(&self, uid: &str) -> Result<Option<(String, Vec<Diagnostic>)>, StoreError> {
        let uid = uid.to_owned();
        self.read(move |_, transaction| {
            let found: Option<(String, String)> = transaction
                .prepare_cached("SELECT manifest_text, diagnostics_json FROM versions WHERE uid = ?1")?
                .query_row([&uid], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((text, diagnostics)) = found else { return Ok(None) };
            Ok(Some((text, from_json(&diagnostics, "the diagnostics of", &uid)?)))
        })
        .await
    }

    /// The packages that versions refer to; all others may be removed.
    pub async fn packages_in_use(&self) -> Result<HashSet<String>, StoreError> {
        self.read(|_, transaction| {
            let mut statement = transaction.prepare_cached("SELECT DISTINCT package FROM versions")?;
            let packages = statement.query_map([], |row| row.get(0))?;
            Ok(packages.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Whether a version refers to this package.
    pub async fn is_package_in_use(&self, sha256: &str) -> Result<bool, StoreError> {
        let sha256 = sha256.to_owned();
        self.read(move |_, transaction| {
            Ok(transaction.prepare_cached("SELECT 1 FROM versions WHERE package = ?1")?.exists([sha256])?)
        })
        .await
    }

    /// Creates a version as `stopped` and returns its name.
    pub async fn create_version(&self, caller: &Caller, new: NewVersion) -> Result<String, CreateVersionError> {
        let caller = caller.clone();
        let now = self.now();
        self.write(move |inner, transaction, changes| {
            let name = new.manifest.version.to_string();
            // The manifest is part of the package.
            let fields = [&*new.runtime, &new.reason, &new.package.file, &new.package.sha256];
            let sending =
                Sending::new(&caller, &new.idempotency_key, format!("create {} {name}", new.runtime), &fields);
            if let Some(before) = idempotency::answer(transaction, &sending)? {
                return Ok(before?);
            }
            if runtimes::find(transaction, &new.runtime)?.is_none() {
                return Err(CreateVersionError::NoRuntime(new.runtime));
            }
            if let Some(there) = find(inner, transaction, &new.runtime, &name)? {
                return Err(CreateVersionError::Taken { name, archived: there.status() == Status::Archived });
            }
            insert(transaction, &caller, &new, now)?;
            idempotency::remember(transaction, &sending, &name, now)?;
            changes.push(Change::VersionList(new.runtime));
            Ok(name)
        })
        .await
    }
}

fn insert(transaction: &Transaction, caller: &Caller, new: &NewVersion, now: Timestamp) -> Result<(), StoreError> {
    let uid = uuid::Uuid::new_v4().to_string();
    let name = new.manifest.version.as_str();
    let entry = Entry {
        caller: Some(caller),
        kind: Action::Create.as_str(),
        runtime: Some(&new.runtime),
        version: Some((&uid, name)),
        to: Some(Status::Stopped),
        reason: &new.reason,
        ..Entry::default()
    };
    let cause = audit::write(transaction, &entry, now)?;
    transaction.execute(
        "INSERT INTO packages (sha256, size, unpacked, members, members_json) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (sha256) DO NOTHING",
        (
            &new.package.sha256,
            new.package.size.cast_signed(),
            new.package.unpacked.cast_signed(),
            new.package.members,
            to_json(&new.members)?,
        ),
    )?;
    transaction.execute(
        "INSERT INTO versions (uid, runtime, name, wish, settled, since, since_by, cause, package, file, created_at,
         created_by, manifest_json, diagnostics_json, manifest_text)
         VALUES (?1, ?2, ?3, 'stopped', 'stopped', ?4, ?5, ?6, ?7, ?8, ?4, ?5, ?9, ?10, ?11)",
        (
            &uid,
            &new.runtime,
            name,
            now.0,
            &caller.name,
            cause,
            &new.package.sha256,
            &new.package.file,
            to_json(&new.manifest)?,
            to_json(&new.diagnostics)?,
            &new.manifest_text,
        ),
    )?;
    Ok(())
}
