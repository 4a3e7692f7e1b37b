//! Tests of the platform, with a store in a temporary folder and an embedded cluster in memory.

pub(crate) mod fixture;

mod permissions;

mod actions;
mod configuration;
mod runtimes;
mod upload;
