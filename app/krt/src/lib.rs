//! The domain of the KRT console: the contents of a KRT package, the graphs of its workflows, the actions on a version
//! and who may take them. Pure: no I/O, no clock; the same code runs in the browser, in the server and on the command
//! line.
//!
//! Suggested reading order: [`manifest`] (the model), [`diagnostic`], [`rules`], [`text`] (positions and edits), [`fix`],
//! [`check`] (text to model), [`convert`] (v1 to v2), [`package`] (bytes to model), [`rule_pages`] (what the codes mean),
//! [`outline`] (what pages show of the model), [`graph`] (its picture), [`names`] (model to Kubernetes and broker names),
//! [`ids`], [`lifecycle`], [`roles`].

pub mod manifest;

pub mod diagnostic;

pub mod rules;

mod text;

pub mod fix;

pub mod check;

pub mod convert;

mod file_kind;

pub mod package;

pub mod rule_pages;

pub mod outline;

pub mod graph;

pub mod names;

pub mod lifecycle;

pub mod roles;

pub mod ids;
