//! The behaviors of a cluster that the console relies on, tested on the embedded cluster, and also on a real one when
//! `KRT_CONSOLE_TEST_KUBECONFIG` is the path of its kubeconfig. `CONTRACT.md` lists them.

mod list;
mod run;

mod objects;
mod support;

mod apply;
mod create;
mod deletion;
mod discovery;
mod embedded;
mod lists;
mod logs;
mod patches;
mod refusals;
mod rights;
mod services;
mod upkeep;
mod watches;
mod workloads;

mod restart;
