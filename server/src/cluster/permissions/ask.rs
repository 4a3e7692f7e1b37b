//! Asks the cluster who this process is, and what it may do.

use k8s_openapi::api::authentication::v1::SelfSubjectReview;
use k8s_openapi::api::authorization::v1::{ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec};
use kube::Api;
use kube::api::PostParams;

use super::table::Right;
use crate::cluster::ClusterError;

/// Whether this process has a permission, in a namespace or (`None`) in all of them.
pub(in crate::cluster) async fn may(
    client: &kube::Client,
    right: &Right,
    verb: &str,
    namespace: Option<&str>,
) -> Result<bool, ClusterError> {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let (resource, subresource) = right.resource.split_once('/').unwrap_or((right.resource, ""));
    let attributes = ResourceAttributes {
        namespace: namespace.map(str::to_owned),
        verb: text(verb),
        group: text(right.group),
        resource: text(resource),
        subresource: text(subresource),
        name: text(right.name),
        ..ResourceAttributes::default()
    };
    let spec = SelfSubjectAccessReviewSpec { resource_attributes: Some(attributes), non_resource_attributes: None };
    let review = SelfSubjectAccessReview { spec, ..SelfSubjectAccessReview::default() };
    let answer = Api::<SelfSubjectAccessReview>::all(client.clone()).create(&PostParams::default(), &review).await;
    let what = format!("say whether this console may {}", right.words(verb));
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
