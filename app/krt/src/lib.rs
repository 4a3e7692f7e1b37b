//! The domain of the KRT console: what a KRT package may say, what its workflows look like, and what may be done
//! with a version and by whom. Pure: values in, values out; no I/O, no clock; the same code in the browser, in the
//! server and on the command line.
//!
//! Suggested reading order: [`manifest`] (the model), [`diagnostic`], [`rules`], [`check`] (text to model), [`convert`]
//! (v1 to v2), [`package`] (bytes to model), [`fix`], [`rule_pages`] (what the codes mean), [`graph`] (model to picture), [`names`]
//! (model to Kubernetes and broker names), [`ids`], [`lifecycle`], [`roles`].

pub mod manifest;

pub mod diagnostic;

pub mod rules;

pub mod check;

pub mod package;

/// From KRT v1 to v2.
pub mod convert {
    pub use crate::check::to_v2;
}

pub mod fix;

pub mod rule_pages;

pub mod graph;

pub mod names;

pub mod lifecycle;

pub mod roles;

pub mod ids;
