//! Uploading a package: received, checked, stored and made a version, or nothing of it.

use app::error::{Error, ErrorKind};
use app::model::{Caller, PackageInfo, PackageMember};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use krt::check::MAX_TEXT;
use krt::package::{Member, MemberKind, Report, check_bare_with_fixes};
use krt::roles::Permission;

use super::caller::authorise;
use super::{Console, Inner, errors, input, runtimes};
use crate::packages::{PackagesError, Received};
use crate::store::{CreateVersionError, NewVersion};

/// The longest name kept of an uploaded file, in characters: what file systems allow.
const FILE_NAME_LIMIT: usize = 255;

/// What comes with the bytes of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upload {
    /// As the browser names it; only its last part is kept.
    pub file_name: String,
    pub reason: String,
    pub idempotency_key: String,
}

/// What became of an upload that arrived whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadOutcome {
    /// The version's name.
    Created { version: String },
    /// It has errors, and nothing was kept.
    Refused(Box<Report>),
}

impl Console {
    /// Receives a package and makes it a version of the runtime, as `stopped`. On every error, and when the future is
    /// dropped before the last byte is here, nothing is kept; after it, the version is created whether anybody waits.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] when the runtime has a version of that name, [`ErrorKind::StorageFull`] when the
    /// package does not fit.
    pub async fn upload<E>(
        &self,
        caller: &Caller,
        runtime: &str,
        upload: Upload,
        body: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<UploadOutcome, Error>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.may_upload(caller, runtime).await?;
        let reason = input::reason(&upload.reason)?;
        let upload =
            Upload { file_name: file_name(&upload.file_name), reason, idempotency_key: upload.idempotency_key };
        if is_manifest(&upload.file_name) {
            return Ok(UploadOutcome::Refused(Box::new(self.manifest_alone(body).await?)));
        }
        let received = self.0.packages.receive(body).await.map_err(errors::packages)?;
        if !received.report.accepted() {
            return Ok(UploadOutcome::Refused(Box::new(received.report.clone())));
        }
        let (console, caller, runtime) = (self.0.clone(), caller.clone(), runtime.to_owned());
        let created = tokio::spawn(async move { create(&console, &caller, &runtime, upload, received).await });
        let version = created.await.unwrap_or_else(|stopped| Err(errors::internal(&stopped)))?;
        Ok(UploadOutcome::Created { version })
    }

    /// Whether this caller may upload into that runtime, and it is there. Ask before the first byte is read.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] and [`ErrorKind::NotFound`].
    pub async fn may_upload(&self, caller: &Caller, runtime: &str) -> Result<(), Error> {
        authorise(caller, Permission::CreateVersion)?;
        runtimes::find(&self.0, runtime).await.map(drop)
    }

    /// Checks a manifest that came without its package; of one that is too long, only so much is read as says so.
    async fn manifest_alone<E>(&self, body: impl Stream<Item = Result<Bytes, E>> + Send) -> Result<Report, Error>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut body = std::pin::pin!(body);
        let mut text = Vec::new();
        while let Some(bytes) = body.next().await {
            text.extend_from_slice(&bytes.map_err(|error| errors::packages(PackagesError::Cut(error.into())))?);
            if text.len() > MAX_TEXT {
                break;
            }
        }
        // Some fixes of a large one take a second to prove.
        self.0.packages.check(move || check_bare_with_fixes(text)).await.map_err(errors::packages)
    }
}

/// Whether a file is the manifest alone, which is checked, and never stored: it has no sources.
fn is_manifest(file_name: &str) -> bool {
    let name = file_name.to_ascii_lowercase();
    name.ends_with(".yml") || name.ends_with(".yaml")
}

async fn create(
    console: &Inner,
    caller: &Caller,
    runtime: &str,
    upload: Upload,
    received: Received,
) -> Result<String, Error> {
    let Some(new) = new_version(runtime, upload, &received.report) else {
        // An accepted report has both; should one not, nothing is kept.
        return Err(Error::new(ErrorKind::Invalid, "The package has no manifest."));
    };
    let row = runtimes::find(console, runtime).await?;
    if let Some(words) = console.cluster.refuses_name(&row, &new.manifest.version).await {
        return Err(Error::new(ErrorKind::Invalid, words.clone()).with_field("package", words));
    }
    let sha256 = new.package.sha256.clone();
    let kept = received.keep().await.map_err(errors::packages)?;
    let created = console.store.create_version(caller, new).await;
    // A form that was sent before may have been answered from what was remembered of another package.
    let is_in_use = console.store.is_package_in_use(&sha256).await;
    if !is_in_use.unwrap_or(created.is_ok()) {
        kept.undo().await;
    }
    created.map_err(|error| match error {
        CreateVersionError::NoRuntime(runtime) => errors::no_runtime(&runtime),
        CreateVersionError::Taken { name, archived } => {
            let there = if archived { "an archived version" } else { "a version" };
            let words = format!(
                "This runtime has {there} {name} already, and names stay taken. Give the version another name in its manifest, and pack it again."
            );
            Error::new(ErrorKind::Conflict, words.clone()).with_field("package", words)
        }
        CreateVersionError::KeyReused(_) => errors::key_reused(),
        CreateVersionError::Store(error) => errors::store(error),
    })
}

fn new_version(runtime: &str, upload: Upload, report: &Report) -> Option<NewVersion> {
    Some(NewVersion {
        runtime: runtime.to_owned(),
        reason: upload.reason,
        idempotency_key: upload.idempotency_key,
        manifest: report.manifest.clone()?,
        manifest_text: report.manifest_text.clone()?,
        diagnostics: report.diagnostics.clone(),
        package: PackageInfo {
            sha256: report.sha256.clone(),
            size: report.size,
            unpacked: report.unpacked,
            members: u32::try_from(report.members.len()).unwrap_or(u32::MAX),
            file: upload.file_name,
        },
        members: report.members.iter().map(member).collect(),
    })
}

fn member(member: &Member) -> PackageMember {
    PackageMember { path: member.path.clone(), is_folder: member.kind == MemberKind::Folder, size: member.size }
}

/// The last part of what a browser calls the file; some send the whole path.
fn file_name(typed: &str) -> String {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !input::is_hidden(*c)).take(FILE_NAME_LIMIT).collect();
    if name.trim().is_empty() { "package.krt".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn only_the_last_part_of_a_path_is_kept() {
        for (typed, kept) in [
            ("greeter.krt", "greeter.krt"),
            ("C:\\Users\\ada\\greeter.krt", "greeter.krt"),
            ("../../etc/passwd", "passwd"),
            ("a\nb.krt", "ab.krt"),
            ("a\u{202e}\u{200b}b.krt", "ab.krt"),
            ("folder/", "package.krt"),
            ("", "package.krt"),
        ] {
            assert_eq!(file_name(typed), kept, "{typed:?}");
        }
    }
}
