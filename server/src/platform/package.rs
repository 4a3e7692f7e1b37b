//! Handing out stored packages: to people, and to the pods of a version.

use app::error::{Error, ErrorKind};
use app::model::{Caller, PackageInfo};
use bytes::Bytes;
use futures::stream::BoxStream;

use super::{Console, errors, versions};
use crate::packages::PackagesError;
use crate::store::VersionRow;

/// The bytes of a package.
pub type PackageBytes = BoxStream<'static, Result<Bytes, PackagesError>>;

impl Console {
    /// The stored package of a version, as it was uploaded.
    pub async fn open_package(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
    ) -> Result<(PackageInfo, PackageBytes), Error> {
        let (_, version) = versions::find(&self.0, caller, runtime, version).await?;
        self.read_package(version).await
    }

    /// The same for the pods of a version, which have its token and no caller.
    pub async fn open_package_for_pod(&self, uid: &str, token: &str) -> Result<(PackageInfo, PackageBytes), Error> {
        let nothing = || Error::new(ErrorKind::NotFound, "There is no such package.");
        if !self.0.store.is_package_token(uid, token) {
            return Err(nothing());
        }
        let version = self.0.store.version_by_uid(uid).await.map_err(errors::store)?.ok_or_else(nothing)?;
        self.read_package(version).await
    }

    async fn read_package(&self, version: VersionRow) -> Result<(PackageInfo, PackageBytes), Error> {
        let (_, bytes) = self.0.packages.read(&version.package.sha256).await.map_err(errors::packages)?;
        Ok((version.package, bytes))
    }
}
