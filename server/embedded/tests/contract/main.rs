//! What the embedded cluster must do as a real one does, asked through `kube::Client`.

mod support;

mod deletion;
mod logs;
mod objects;
mod patches;
mod refusals;
mod restart;
mod rights;
mod watches;
mod workloads;
