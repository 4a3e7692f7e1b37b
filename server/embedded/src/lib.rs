//! A Kubernetes API server in a process: an [`axum::Router`] over objects kept in memory (and in one SQLite file), with
//! the controllers and a kubelet simulated, so that the console runs where no cluster is at hand.
//!
//! It speaks the documented API; where it differs from the documented behaviour of Kubernetes, it is this crate that is
//! wrong. Pods run nothing: they come up over about a second, print log lines, and fail on purpose for images whose tag
//! has a segment such as `sim-crash`.

pub use cluster::{EmbeddedCluster, OpenError, Options};
pub use serve::{kubeconfig, serve};

mod cluster;
mod serve;

mod api;
mod controllers;
mod kinds;
mod status;

mod fields;
mod output;
mod quantity;
mod quota;
mod registry;
mod selectors;
mod validation;

mod clock;
mod meta;
mod persist;
mod random;
mod store;
