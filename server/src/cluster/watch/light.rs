//! Drops the parts of objects that nothing reads, before the objects are cached.

pub(in crate::cluster) trait Light {
    fn lighten(&mut self);
}

macro_rules! light {
    ($($kind:ty),*) => {
        $(impl Light for $kind {
            fn lighten(&mut self) {
                self.metadata.managed_fields = None;
            }
        })*
    };
}

light!(
    k8s_openapi::api::apps::v1::Deployment,
    k8s_openapi::api::coordination::v1::Lease,
    k8s_openapi::api::core::v1::ConfigMap,
    k8s_openapi::api::core::v1::Event,
    k8s_openapi::api::core::v1::Namespace,
    k8s_openapi::api::core::v1::Pod,
    k8s_openapi::api::core::v1::Service,
    k8s_openapi::api::discovery::v1::EndpointSlice,
    k8s_openapi::api::networking::v1::Ingress
);

impl Light for k8s_openapi::api::core::v1::Secret {
    /// Values are not kept in memory, only their hashes, which show when they change.
    fn lighten(&mut self) {
        self.metadata.managed_fields = None;
        crate::cluster::secrets::seal(self);
    }
}
