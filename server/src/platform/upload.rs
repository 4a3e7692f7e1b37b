//! Uploads a package: receives, checks and stores it and creates a version, or keeps nothing.

use app::error::{Error, ErrorKind};
use app::model::{Caller, PackageInfo, PackageMember};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use krt::check::MAX_TEXT;
use krt::package::{Member, MemberKind, Report, check_bare_with_fixes, is_bare};
use krt::roles::Permission;

use super::caller::authorize;
use super::{Console, Inner, errors, input, runtimes};
use crate::packages::{PackagesError, Received};
use crate::store::{CreateVersionError, NewVersion};

/// Maximum length of a stored file name, in characters: the limit of file systems.
const FILE_NAME_LIMIT: usize = 255;

/// The fields that accompany an uploaded package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upload {
    /// The file name from the browser; only its last part is kept.
    pub file_name: String,
    pub reason: String,
    pub idempotency_key: String,
}

/// The result of an upload that arrived completely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadOutcome {
    /// A version of this name was created.
    Created { version: String },
    /// The package has errors; nothing was kept.
    Refused(Box<Report>),
}

impl Console {
    /// Receives a package and creates a stopped version of the runtime from it. Keeps nothing after an error, or when
    /// the future is dropped before the last byte arrived. After that, dropping the future does not cancel the upload.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] when the runtime has a version of that name, [`ErrorKind::StorageFull`] when the package
    /// does not fit.
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
        if is_bare(&upload.file_name) {
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

    /// Checks that the caller may upload and that the runtime exists. Call this before reading the first byte.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] and [`ErrorKind::NotFound`].
    pub async fn may_upload(&self, caller: &Caller, runtime: &str) -> Result<(), Error> {
        authorize(caller, Permission::CreateVersion)?;
        runtimes::find(&self.0, runtime).await.map(drop)
    }

    /// Checks a manifest without a package. Stops reading as soon as the manifest exceeds the limit.
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
        // Proving the fixes of a large manifest can take a second.
        self.0.packages.check(move || check_bare_with_fixes(text)).await.map_err(errors::packages)
    }
}

async fn create(
    console: &Inner,
    caller: &Caller,
    runtime: &str,
    upload: Upload,
    received: Received,
) -> Result<String, Error> {
    let Some(new) = new_version(runtime, upload, &received.report) else {
        // An accepted report always has a manifest and its text; should one be missing, nothing is kept.
        return Err(Error::new(ErrorKind::Invalid, "The package has no manifest."));
    };
    let row = runtimes::find(console, runtime).await?;
    if let Some(words) = console.cluster.refuses_name(&row, &new.manifest.version).await {
        return Err(Error::new(ErrorKind::Invalid, words.clone()).with_field("package", words));
    }
    let sha256 = new.package.sha256.clone();
    let kept = received.keep().await.map_err(errors::packages)?;
    let created = console.store.create_version(caller, new).await;
    // For a form sent before, the store returns the earlier result, which may refer to another package.
    let is_in_use = console.store.is_package_in_use(&sha256).await;
    if !is_in_use.unwrap_or(created.is_ok()) {
        kept.undo().await;
    }
    created.map_err(|error| match error {
        CreateVersionError::NoRuntime(runtime) => errors::no_runtime(&runtime),
        CreateVersionError::Taken { name, archived } => {
            let there = if archived { "Archived version" } else { "Version" };
            let words = format!(
                "{there} \"{name}\" already exists in this runtime, and names cannot be reused. Change `version:` in krt.yml and pack again."
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

/// The last part of the browser's file name; some browsers send the whole path.
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
