//! The main workflow through the browser on an external cluster: this test prepares the namespace, and removes it
//! whether the spec succeeds or not; `main-job.cluster.spec.ts` starts its own console on that cluster and drives it.

use std::path::{Path, PathBuf};
use std::process::Command;

use server::cluster::{Connection, connect};

use crate::real::{prepare, remove};

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_goes_through_in_the_browser_on_real() {
    let Some(file) = std::env::var_os("KRT_CONSOLE_TEST_KUBECONFIG").map(PathBuf::from) else {
        testing::skip("main job in the browser on a real cluster", "KRT_CONSOLE_TEST_KUBECONFIG names none");
        return;
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    if !root.join("target/site").is_dir() {
        testing::skip(
            "main job in the browser on a real cluster",
            "the site is not built; `make test-cluster` builds it",
        );
        return;
    }
    let file = std::path::absolute(file).unwrap();
    let admin = connect(Connection::Kubeconfig { file: Some(file.clone()), context: None }).await.unwrap();
    let id = format!("b{}", &uuid::Uuid::new_v4().simple().to_string()[..10]);
    let namespace = format!("kre-{id}");
    prepare(&admin, &namespace, &id).await;
    let mut spec = Command::new("npx");
    spec.args(["playwright", "test", "--project=cluster"])
        .current_dir(root.join("end2end"))
        .env("KRT_CONSOLE_BINARY", env!("CARGO_BIN_EXE_krt-console"))
        .env("KRT_CONSOLE_KUBECONFIG", file)
        .env("KRT_CONSOLE_SPEC_RUNTIME", &id);
    let ended = tokio::task::spawn_blocking(move || spec.status()).await;
    remove(admin, &namespace).await;
    assert!(ended.unwrap().unwrap().success(), "the spec failed; see its output above");
}
