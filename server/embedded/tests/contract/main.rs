//! What the embedded cluster must do as a real one does, asked through `kube::Client`.

mod support;

mod logs;
mod objects;
mod refusals;
mod restart;
mod watches;
mod workloads;
