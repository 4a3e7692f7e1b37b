//! Tests of the store, on real files.

mod fixture;

mod folder;
mod people;

mod runtimes;
mod versions;

mod lifecycle;
mod model;

mod activity;
mod configuration;
mod logs;
