//! The list of behaviors, where each one can be tested, and the page that documents them.

use std::fmt::Write;
use std::path::Path;

use crate::{
    apply, create, deletion, discovery, embedded, lists, logs, patches, refusals, rights, services, upkeep, watches,
    workloads,
};

/// Every area with its behaviors, in the order of the page.
const AREAS: [(&str, &[Behavior]); 14] = [
    ("Discovery", discovery::BEHAVIORS),
    ("Objects", create::BEHAVIORS),
    ("Server-side apply", apply::BEHAVIORS),
    ("Patches and subresources", patches::BEHAVIORS),
    ("Lists", lists::BEHAVIORS),
    ("Watches", watches::BEHAVIORS),
    ("Deletion", deletion::BEHAVIORS),
    ("Validation", refusals::BEHAVIORS),
    ("Services and networking", services::BEHAVIORS),
    ("Workloads", workloads::BEHAVIORS),
    ("Logs", logs::BEHAVIORS),
    ("Quotas, leases, accounts, events", upkeep::BEHAVIORS),
    ("Access control", rights::BEHAVIORS),
    ("The simulation", embedded::BEHAVIORS),
];

/// Where a behavior can be tested.
#[derive(Clone, Copy, Debug)]
pub enum Where {
    Both,
    /// Only on the embedded cluster, with the reason.
    Embedded(&'static str),
}

/// A behavior, with the name of its test.
#[derive(Clone, Copy, Debug)]
pub struct Behavior {
    pub name: &'static str,
    pub place: Where,
}

/// Lists the behaviors of a module, each by the name of its `async fn(&Cluster)`, and creates two tests for each: one
/// on the embedded cluster and one on the cluster of `KRT_CONSOLE_TEST_KUBECONFIG`.
macro_rules! behaviors {
    ($( $name:ident $( embedded only: $why:literal )? ),+ $(,)?) => {
        pub const BEHAVIORS: &[$crate::list::Behavior] = &[ $(
            $crate::list::Behavior { name: stringify!($name), place: $crate::list::behaviors!(@place $($why)?) }
        ),+ ];

        mod on_embedded {
            $(
                #[tokio::test]
                async fn $name() {
                    $crate::run::embedded(super::$name).await;
                }
            )+
        }

        mod on_real {
            $( $crate::list::behaviors!(@real $name $($why)?); )+
        }
    };
    (@place) => { $crate::list::Where::Both };
    (@place $why:literal) => { $crate::list::Where::Embedded($why) };
    (@real $name:ident) => {
        #[tokio::test]
        async fn $name() {
            $crate::run::real(super::$name).await;
        }
    };
    (@real $name:ident $why:literal) => {
        #[test]
        fn $name() {
            $crate::run::left_out(stringify!($name), $why);
        }
    };
}
pub(crate) use behaviors;

/// Words whose spelling differs from that in function names.
const SPELLED: [(&str, &str); 22] = [
    ("resource version match", "resourceVersionMatch"),
    ("resource version", "resourceVersion"),
    ("send initial events", "sendInitialEvents"),
    ("min ready seconds", "minReadySeconds"),
    ("string data", "stringData"),
    ("config map", "ConfigMap"),
    ("replica set", "ReplicaSet"),
    ("endpoint slices", "EndpointSlices"),
    ("network policy", "NetworkPolicy"),
    ("service account", "ServiceAccount"),
    ("cluster role", "ClusterRole"),
    ("cluster wide", "cluster-wide"),
    ("self subject access review", "SelfSubjectAccessReview"),
    ("metadata only", "metadata-only"),
    ("deployment", "Deployment"),
    ("json patch", "JSON patch"),
    ("managers field", "manager's field"),
    ("secret", "Secret"),
    ("ingress", "Ingress"),
    ("1 36", "1.36"),
    ("kubernetes", "Kubernetes"),
    ("openapi", "OpenAPI"),
];

/// A name as a sentence.
fn sentence(name: &str) -> String {
    let mut words = name.replace('_', " ");
    for (plain, spelled) in SPELLED {
        words = words.replace(plain, spelled);
    }
    words[..1].to_uppercase() + &words[1..]
}

fn page() -> String {
    let mut page = String::from(
        "# What a cluster must do\n\n\
         The console relies on these behaviors of a Kubernetes API server. Each is a test of the same name in\n\
         `tests/contract`, which `make test` runs on the embedded cluster, and `make test-cluster` on the cluster of\n\
         `KRT_CONSOLE_TEST_KUBECONFIG`. Where the two differ, the embedded cluster is wrong.\n\n\
         This page is generated: `UPDATE_CONTRACT=1 cargo test -p embedded-cluster --test contract the_page`.\n",
    );
    for (area, behaviors) in AREAS {
        let _ = write!(page, "\n## {area}\n\n| behavior | tested on |\n| --- | --- |\n");
        for behavior in behaviors {
            let place = match behavior.place {
                Where::Both => "both".to_owned(),
                Where::Embedded(why) => format!("embedded cluster only: {why}"),
            };
            let _ = writeln!(page, "| {} | {place} |", sentence(behavior.name));
        }
    }
    page
}

#[test]
fn the_page_lists_every_behavior() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("CONTRACT.md");
    if std::env::var_os("UPDATE_CONTRACT").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page(),
        "CONTRACT.md is out of date: run UPDATE_CONTRACT=1 cargo test -p embedded-cluster --test contract the_page"
    );
}
