//! The server of the KRT console: web → platform → {store, cluster}; kube types stop at `cluster`, rows at `store`,
//! which maps them to `state`.
//!
//! Suggested reading order: [`cli`] (the commands), [`settings`], [`web`] (its `router` lists all routes),
//! then the modules behind it.

// The types of the pages nest deeper than the compiler's default limit.
#![recursion_limit = "512"]

pub mod cli;

pub mod settings;

pub mod start;

pub mod web;

pub mod changes;

mod backoff;

mod descriptors;

pub mod supervise;

pub mod fail_points;

pub mod private;

pub mod cluster;

pub mod reconcile;

pub mod state;

pub mod store;

pub mod packages;

pub mod live;

pub mod platform;
