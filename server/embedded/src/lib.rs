//! A Kubernetes API server in a process: an [`axum::Router`] over objects kept in memory (and in one SQLite file), with
//! the controllers and a kubelet simulated, so that the console runs where no cluster is at hand.
//!
//! It speaks the documented API (see `kinds` for what of it); where it differs from the documented behaviour of
//! Kubernetes, it is this crate that is wrong. There is no sign-in: whoever reaches it is its
//! administrator, unless the impersonation headers of Kubernetes name somebody, who is then held to RBAC.
//!
//! Pods run nothing: they come up over about a second and print log lines. An image whose tag has one of these segments
//! (between `-`, `.`, `_` or the ends of the tag) fails on purpose:
//!
//! | segment | what its pod does |
//! | --- | --- |
//! | `sim-fail` | ErrImagePull, ImagePullBackOff |
//! | `sim-crash` | ends with a traceback, CrashLoopBackOff |
//! | `sim-oom` | OOMKilled, CrashLoopBackOff |
//! | `sim-slow` | takes 30 seconds to come up |
//! | `sim-unschedulable` | stays Pending, FailedScheduling |

pub use cluster::{EmbeddedCluster, OpenError, Options};
pub use serve::{kubeconfig, serve};

mod cluster;
mod serve;

mod access;

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
