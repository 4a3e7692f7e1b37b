//! The manifest and the members of a stored package.

use app::api::Manifests;
use app::error::Error;
use app::model::{Caller, ManifestText, MembersPage};
use async_trait::async_trait;

use super::{Console, errors, versions};

/// Maximum package members on one page of the list.
const MEMBERS: u32 = 100;

#[async_trait]
impl Manifests for Console {
    async fn get_manifest(&self, caller: &Caller, runtime: &str, version: &str) -> Result<ManifestText, Error> {
        let (_, version) = versions::find(&self.0, caller, runtime, version).await?;
        let found = self.0.store.manifest_text(&version.uid).await.map_err(errors::store)?;
        let (text, diagnostics) = found.ok_or_else(|| errors::no_version(runtime, &version.name))?;
        Ok(ManifestText { text, diagnostics })
    }

    async fn list_members(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        from: u32,
    ) -> Result<MembersPage, Error> {
        let (_, version) = versions::find(&self.0, caller, runtime, version).await?;
        self.0.store.members(&version.package.sha256, from, MEMBERS).await.map_err(errors::store)
    }
}
