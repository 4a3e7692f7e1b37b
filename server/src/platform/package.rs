//! Downloads of stored packages, for people and for the pods of a version.

use app::error::{Error, ErrorKind};
use app::model::{Caller, PackageInfo};
use bytes::Bytes;
use futures::stream::BoxStream;

use super::{Console, errors, versions};
use crate::packages::PackagesError;
use crate::state::Version;

/// The content of a package, as a stream.
pub type PackageBytes = BoxStream<'static, Result<Bytes, PackagesError>>;

impl Console {
    /// Opens the stored package of a version, as uploaded.
    pub async fn open_package(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
    ) -> Result<(PackageInfo, PackageBytes), Error> {
        let (_, version) = versions::find(&self.0, caller, runtime, version).await?;
        self.read_package(version).await
    }

    /// Opens the package for the pods of a version, which authenticate with the version's token.
    pub async fn open_package_for_pod(&self, uid: &str, token: &str) -> Result<(PackageInfo, PackageBytes), Error> {
        let nothing = || Error::new(ErrorKind::NotFound, "Package not found.");
        if !self.0.store.is_package_token(uid, token) {
            return Err(nothing());
        }
        let version = self.0.store.version_by_uid(uid).await.map_err(errors::store)?.ok_or_else(nothing)?;
        self.read_package(version).await
    }

    async fn read_package(&self, version: Version) -> Result<(PackageInfo, PackageBytes), Error> {
        let (_, bytes) = self.0.packages.read(&version.package.sha256).await.map_err(errors::packages)?;
        Ok((version.package, bytes))
    }
}
