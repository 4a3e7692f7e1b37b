//! The Kubernetes objects of a version.

use app::api::Objects;
use app::error::Error;
use app::model::{Caller, ObjectsPage};
use async_trait::async_trait;

use super::{Console, errors, versions};

#[async_trait]
impl Objects for Console {
    async fn list_objects(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        after: &str,
    ) -> Result<ObjectsPage, Error> {
        let (runtime, version) = versions::find(&self.0, caller, runtime, version).await?;
        self.0.cluster.objects(&runtime, &version, after).await.map_err(|error| errors::cluster(&error))
    }
}
