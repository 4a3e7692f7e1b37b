//! The table of Kubernetes kinds: how the console uses each of them, and the permissions that this needs. Writing,
//! watching, listing and the check of permissions follow it, and `server/deploy` grants exactly what it lists.

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{ConfigMap, Event, Namespace, Pod, Secret, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::networking::v1::Ingress;
use k8s_openapi::api::rbac::v1::{ClusterRole, RoleBinding};
use kube::core::ApiResource;

use self::{Granted::*, Holder::*};
use super::reflector_store::{AnyStore, ReflectorStore};
use super::selection::Followed;

/// The role that the console binds to itself in the namespaces that it makes.
pub const RUNTIME_ROLE: &str = "krt-console-runtime";

/// One row of the table.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) group: &'static str,
    pub(super) version: &'static str,
    pub(super) kind: &'static str,
    pub(super) plural: &'static str,
    /// Whether a reflector store holds our objects of the kind.
    pub(super) is_cached: bool,
    /// The kind as one that we write; `None`: we only read it, or write it in another way.
    pub(super) written: Option<ObjectKind>,
    pub(super) holder: Holder,
    pub(super) rules: &'static [Rule],
}

/// What the objects of a kind belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// A version, at least some of them: listed on its page, and gone once the version is stopped.
    Version,
    /// A runtime, or no one in particular.
    Runtime,
}

/// Verbs on a kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) granted: Granted,
    pub(super) verbs: &'static [&'static str],
    /// As in `log`; empty: the object itself.
    pub(super) subresource: &'static str,
    /// The only object that the rule is about; empty: all.
    pub(super) name: &'static str,
    /// The consequence when it is missing, as a clause.
    pub(super) consequence: &'static str,
}

/// Which role grants a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Granted {
    /// The role for the whole cluster.
    Wide,
    /// The role for the whole cluster, unless namespaces are prepared.
    Setup,
    /// The role for the whole cluster, or the one in each prepared namespace.
    Anywhere,
    /// The role in the namespace of each runtime.
    Inside,
}

const fn first(kinds: &[ObjectKind]) -> Option<ObjectKind> {
    match kinds {
        [first, ..] => Some(*first),
        [] => None,
    }
}

const fn rule(granted: Granted, verbs: &'static [&'static str], consequence: &'static str) -> Rule {
    Rule { granted, verbs, subresource: "", name: "", consequence }
}

const READ: &[&str] = &["list", "watch"];
const WRITE: &[&str] = &["create", "patch", "delete"];
const READ_ONE_AND_WRITE: &[&str] = &["get", "create", "patch", "delete"];

const NOTHING: &str = "the console cannot see what is running and takes no action";
const NO_START: &str = "versions cannot be started or stopped";
const NO_NEW: &str = "no version of a new runtime can be started";
const NO_PUBLISH: &str = "versions cannot be published or unpublished";

/// Generates the table, the kinds that are written and the reflector stores from rows of this form:
/// `Type [store, written as Variant] Holder: rules;`, where a kind that is not cached has empty brackets.
macro_rules! kinds {
    ($($type:ident [$($store:ident $(, written as $written:ident)?)?] $holder:ident: $($rule:expr),+;)+) => {
        /// All kinds, in reading order.
        pub(super) const KINDS: &[Kind] = &[$(Kind {
            group: <$type as k8s_openapi::Resource>::GROUP,
            version: <$type as k8s_openapi::Resource>::VERSION,
            kind: <$type as k8s_openapi::Resource>::KIND,
            plural: <$type as k8s_openapi::Resource>::URL_PATH_SEGMENT,
            is_cached: !concat!($(stringify!($store))?).is_empty(),
            written: first(&[$($(ObjectKind::$written)?)?]),
            holder: $holder,
            rules: &[$($rule),+],
        }),+];

        /// The kinds that we write, in the order of writing.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ObjectKind {
            $($($($written,)?)?)+
        }

        impl ObjectKind {
            pub fn name(self) -> &'static str {
                match self {
                    $($($(ObjectKind::$written => stringify!($written),)?)?)+
                }
            }
        }

        $($($(
            impl Written for $type {
                const WRITTEN_AS: ObjectKind = ObjectKind::$written;
            }
        )?)?)+

        /// The reflector store of each cached kind.
        #[derive(Debug, Default)]
        pub(super) struct ReflectorStores {
            $($(pub(super) $store: ReflectorStore<$type>,)?)+
        }

        impl ReflectorStores {
            /// The store of a kind that we write.
            pub(super) fn of(&self, kind: ObjectKind) -> &dyn AnyStore {
                match kind {
                    $($($(ObjectKind::$written => &self.$store,)?)?)+
                }
            }

            /// The stores of the kinds that the cluster derives from what we write.
            pub(super) fn derived(&self) -> impl Iterator<Item = &dyn AnyStore> {
                let kinds = KINDS.iter().filter(|kind| kind.is_cached);
                let stores = vec![$($(&self.$store as &dyn AnyStore,)?)+];
                kinds.zip(stores).filter(|(kind, _)| kind.written.is_none()).map(|(_, store)| store)
            }

            /// Visits every cached kind with the function that finds its store.
            pub(super) fn each(visitor: &mut impl EachStore) {
                $($(visitor.visit::<$type>(|stores| &stores.$store);)?)+
            }
        }
    };
}

kinds! {
    Namespace [namespaces, written as Namespace] Runtime:
        rule(Wide, &["get", "list", "watch"], NOTHING),
        rule(Setup, &["create"], "each runtime needs a prepared namespace"),
        rule(Anywhere, &["patch"], NO_START);
    ConfigMap [config_maps, written as ConfigMap] Version: rule(Anywhere, READ, NOTHING), rule(Inside, WRITE, NO_START);
    Secret [secrets, written as Secret] Version: rule(Anywhere, READ, NOTHING), rule(Inside, WRITE, NO_START);
    Service [services, written as Service] Version:
        rule(Anywhere, READ, NOTHING),
        rule(Inside, READ_ONE_AND_WRITE, NO_START);
    EndpointSlice [slices] Version: rule(Anywhere, READ, NOTHING);
    Deployment [deployments, written as Deployment] Version:
        rule(Anywhere, READ, NOTHING),
        rule(Inside, WRITE, NO_START);
    ReplicaSet [] Version: rule(Inside, &["list"], "stopping a version never completes");
    Pod [pods] Version:
        rule(Anywhere, READ, NOTHING),
        Rule { subresource: "log", ..rule(Inside, &["get"], "logs are not available") };
    Ingress [ingresses, written as Ingress] Runtime:
        rule(Anywhere, READ, NOTHING),
        rule(Inside, READ_ONE_AND_WRITE, NO_PUBLISH);
    Event [] Runtime: rule(Anywhere, READ, "failures are shown without the cluster's messages");
    Lease [] Runtime:
        rule(Anywhere, READ, "a takeover from another process may take longer"),
        rule(Inside, &["get", "create", "update"], NO_START);
    RoleBinding [] Runtime: rule(Setup, &["get", "create", "patch"], NO_NEW);
    ClusterRole [] Runtime: Rule { name: RUNTIME_ROLE, ..rule(Setup, &["bind"], NO_NEW) };
}

/// A type whose objects we write.
pub trait Written {
    const WRITTEN_AS: ObjectKind;
}

/// Something to do for each cached kind.
pub(super) trait EachStore {
    fn visit<K: Followed>(&mut self, store: fn(&ReflectorStores) -> &ReflectorStore<K>);
}

impl ObjectKind {
    fn kind(self) -> &'static Kind {
        KINDS.iter().find(|kind| kind.written == Some(self)).expect("the table generates both")
    }

    /// What kube needs to know of the kind.
    pub(super) fn resource(self) -> ApiResource {
        self.kind().resource()
    }

    /// The kinds that we write for a version.
    pub(super) fn of_version() -> impl Iterator<Item = ObjectKind> {
        KINDS.iter().filter(|kind| kind.holder == Version).filter_map(|kind| kind.written)
    }
}

impl Kind {
    /// What kube needs to know of the kind.
    pub(super) fn resource(&self) -> ApiResource {
        let Kind { group, version, kind, plural, .. } = *self;
        let api_version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
        ApiResource {
            group: group.to_owned(),
            version: version.to_owned(),
            api_version,
            kind: kind.to_owned(),
            plural: plural.to_owned(),
        }
    }
}
