//! The console on an unreliable cluster: the real stack (store, watches, reconciler) against the embedded cluster,
//! through a proxy that misbehaves on demand.

mod browser;
mod console;
mod faults;
mod instances;
mod names;
mod outages;
mod proxy;
mod real;
mod rights;

use std::path::Path;

use embedded_cluster::{EmbeddedCluster, Options};

/// An embedded cluster that runs ten times as fast as real time.
pub async fn embedded() -> EmbeddedCluster {
    EmbeddedCluster::open(None, Options { speed: 10.0, seed: Some(1), ..Options::default() }).await.unwrap()
}

/// Copies a data folder that no process holds, as when a backup is restored elsewhere.
pub fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}
