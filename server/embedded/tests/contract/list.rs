//! The list of behaviours: what is promised, where it can be shown, and the page of it for readers.

use std::fmt::Write;
use std::path::Path;

use crate::{
    apply, create, deletion, discovery, embedded, lists, logs, patches, refusals, rights, services, upkeep, watches,
    workloads,
};

/// Every area with its behaviours, in the order of the page.
const AREAS: [(&str, &[Behaviour]); 14] = [
    ("Discovery", discovery::BEHAVIOURS),
    ("Objects", create::BEHAVIOURS),
    ("Server-side apply", apply::BEHAVIOURS),
    ("Patches and parts", patches::BEHAVIOURS),
    ("Lists", lists::BEHAVIOURS),
    ("Watches", watches::BEHAVIOURS),
    ("Deletion", deletion::BEHAVIOURS),
    ("Refusals", refusals::BEHAVIOURS),
    ("Services and networks", services::BEHAVIOURS),
    ("Workloads", workloads::BEHAVIOURS),
    ("Logs", logs::BEHAVIOURS),
    ("Quotas, leases, accounts, events", upkeep::BEHAVIOURS),
    ("Rights", rights::BEHAVIOURS),
    ("The simulation", embedded::BEHAVIOURS),
];

/// Where a behaviour can be shown.
#[derive(Clone, Copy, Debug)]
pub enum Where {
    Both,
    /// On the embedded cluster only, with the reason.
    Embedded(&'static str),
}

/// One promise, named as its test is.
#[derive(Clone, Copy, Debug)]
pub struct Behaviour {
    pub name: &'static str,
    pub place: Where,
}

/// Lists the behaviours of a module, each the name of an `async fn(&Cluster)` of it, and makes of each a test on the
/// embedded cluster and one on the cluster that `KRT_CONSOLE_TEST_KUBECONFIG` names.
macro_rules! behaviours {
    ($( $name:ident $( embedded only: $why:literal )? ),+ $(,)?) => {
        pub const BEHAVIOURS: &[$crate::list::Behaviour] = &[ $(
            $crate::list::Behaviour { name: stringify!($name), place: $crate::list::behaviours!(@place $($why)?) }
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
            $( $crate::list::behaviours!(@real $name $($why)?); )+
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
pub(crate) use behaviours;

/// Words that are written in another way than the name of a function can.
const SPELLED: [(&str, &str); 18] = [
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
    ("deployment", "Deployment"),
    ("json patch", "JSON patch"),
    ("managers field", "manager's field"),
    ("secret", "Secret"),
    ("ingress", "Ingress"),
    ("1 36", "1.36"),
    ("kubernetes", "Kubernetes"),
    ("the api ", "the API "),
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
         The console relies on these behaviours of a Kubernetes API server. Each is a test of the same name in\n\
         `tests/contract`, shown on the embedded cluster by `make test`, and on the cluster that\n\
         `KRT_CONSOLE_TEST_KUBECONFIG` names by `make test-cluster`. Where the two differ, the embedded cluster is wrong.\n\n\
         This page is written by `UPDATE_CONTRACT=1 cargo test -p embedded-cluster --test contract the_page`.\n",
    );
    for (area, behaviours) in AREAS {
        let _ = write!(page, "\n## {area}\n\n| behaviour | shown on |\n| --- | --- |\n");
        for behaviour in behaviours {
            let place = match behaviour.place {
                Where::Both => "both".to_owned(),
                Where::Embedded(why) => format!("the embedded cluster only: {why}"),
            };
            let _ = writeln!(page, "| {} | {place} |", sentence(behaviour.name));
        }
    }
    page
}

#[test]
fn the_page_for_readers_lists_every_behaviour() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("CONTRACT.md");
    if std::env::var_os("UPDATE_CONTRACT").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page(),
        "CONTRACT.md is behind the list of tests: run UPDATE_CONTRACT=1 cargo test -p embedded-cluster --test contract the_page"
    );
}
