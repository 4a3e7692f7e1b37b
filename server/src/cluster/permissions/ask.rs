//! Asks the cluster who this process is, and what it may do.

use k8s_openapi::api::authentication::v1::SelfSubjectReview;
use k8s_openapi::api::authorization::v1::{ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec};
use kube::Api;
use kube::api::PostParams;

use super::table::Permission;
use crate::cluster::ClusterError;

/// Whether this process has a permission, in a namespace or (`None`) in all of them.
pub(in crate::cluster) async fn may(
    client: &kube::Client,
    permission: &Permission,
    namespace: Option<&str>,
) -> Result<bool, ClusterError> {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let attributes = ResourceAttributes {
        namespace: namespace.map(str::to_owned),
        verb: text(permission.verb),
        group: text(permission.group),
        resource: text(permission.resource),
        subresource: text(permission.subresource),
        name: text(permission.name),
        ..ResourceAttributes::default()
    };
    let spec = SelfSubjectAccessReviewSpec { resource_attributes: Some(attributes), non_resource_attributes: None };
    let review = SelfSubjectAccessReview { spec, ..SelfSubjectAccessReview::default() };
    let answer = Api::<SelfSubjectAccessReview>::all(client.clone()).create(&PostParams::default(), &review).await;
    let what = format!("say whether this console may {permission}");
    let answer = answer.map_err(ClusterError::from_kube(what))?;
    Ok(answer.status.is_some_and(|status| status.allowed))
}

/// The user name that the cluster knows this process by.
pub(in crate::cluster) async fn who(client: &kube::Client) -> Result<String, ClusterError> {
    let review = SelfSubjectReview::default();
    let answer = Api::<SelfSubjectReview>::all(client.clone()).create(&PostParams::default(), &review).await;
    let answer = answer.map_err(ClusterError::from_kube("identify this console"))?;
    Ok(answer.status.and_then(|status| status.user_info?.username).unwrap_or_default())
}
