//! Tests of the store, on real files.

pub(in crate::store) mod fixture;

mod folder;
mod people;
mod sessions;

mod runtimes;
mod versions;

mod lifecycle;
mod model;

mod activity;
mod configuration;
mod logs;
