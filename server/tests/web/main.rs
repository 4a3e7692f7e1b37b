//! The whole server behind its router, with a temporary folder and the embedded cluster: the responses to requests of
//! each role, and their effects.

mod app;
#[path = "../../src/packages/tests/fixture.rs"]
mod package;

mod sign_in;

mod guards;
mod hosts;

mod garbage;

mod coverage;

mod forms;

mod upload;

mod downloads;

mod events;

mod budget;
mod connections;
mod pages;
mod rules;
#[path = "../limits/stored.rs"]
mod stored;

mod site;
