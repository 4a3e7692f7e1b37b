//! What the embedded cluster must do as a real one does, asked through `kube::Client`.

mod support;

mod objects;
mod workloads;
