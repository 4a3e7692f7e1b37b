//! A Kubernetes API server in a process: an [`axum::Router`] over objects kept in memory (and in one SQLite file), with
//! controllers and a simulated kubelet, so that the console runs without a cluster.
//!
//! It implements the documented API (see `kinds` for the supported part); where it differs from the documented behavior
//! of Kubernetes, this crate is wrong. There is no authentication: every client is an administrator, unless the
//! impersonation headers of Kubernetes select another identity, which is then subject to RBAC.
//!
//! Pods run no code: they start within about a second and print log lines. An image whose tag has one of these segments
//! (delimited by `-`, `.`, `_` or the ends of the tag) fails on purpose:
//!
//! | segment | behavior of the pod |
//! | --- | --- |
//! | `sim-fail` | ErrImagePull, ImagePullBackOff |
//! | `sim-crash` | exits with a traceback, CrashLoopBackOff |
//! | `sim-oom` | OOMKilled, CrashLoopBackOff |
//! | `sim-slow` | takes 30 seconds to start |
//! | `sim-unschedulable` | stays Pending, FailedScheduling |

pub use cluster::{EmbeddedCluster, Options};
pub use open_error::OpenError;
pub use serve::{kubeconfig, serve};

mod cluster;
mod serve;

mod accept;
mod access;

mod api;
mod controllers;
mod kinds;
mod kubectl;
mod status;

mod fields;
mod names;
mod output;
mod quantity;
mod quota;
mod registry;
mod selectors;
mod validation;

mod clock;
mod key;
mod meta;
mod open_error;
mod persist;
mod random;
mod store;
