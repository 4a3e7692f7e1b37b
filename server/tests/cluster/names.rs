//! Names that not every cluster accepts.

use embedded_cluster::{EmbeddedCluster, Options};
use krt::lifecycle::{Action, Status};
use server::cluster::Connection;
use tempfile::TempDir;

use crate::console::{Console, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_version_name_that_begins_with_a_digit_is_refused_where_the_cluster_refuses_its_service() {
    for (minor, is_refused) in [(35, true), (36, false)] {
        let options = Options { speed: 10.0, seed: Some(1), minor };
        let cluster = EmbeddedCluster::open(None, options).await.unwrap();
        let folder = TempDir::new().unwrap();
        let console = Console::start(folder.path(), Connection::Embedded(cluster.router())).await;
        console.runtime("demo").await;
        let refused = async || {
            let runtime = console.store.runtime("demo").await.unwrap().unwrap();
            console.cluster.refuses_name(&runtime, "1-0").await
        };
        // Without the namespace, the cluster's version decides, once that is known.
        until("the version is judged", async || refused().await.is_some() == is_refused).await;
        // With the namespace, the cluster itself decides.
        console.start_version("demo", "v1").await;
        let words = refused().await;
        assert_eq!(words.is_some(), is_refused, "1.{minor}: {words:?}");
        if let Some(words) = words {
            assert!(words.contains("1.35") && words.contains("v1-0"), "{words}");
        } else {
            console.start_version("demo", "1-0").await;
        }
        console.take(Action::Stop, "demo", "v1").await;
        console.until_status("demo", "v1", Status::Stopped).await;
    }
}
