//! What a cluster must do for the console: one list of behaviours, shown on the embedded cluster always, and on a real
//! one when `KRT_CONSOLE_TEST_KUBECONFIG` names its kubeconfig. `CONTRACT.md` is the list for readers.

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
