//! The whole server behind its router, on a temporary folder with the embedded cluster: what each request is answered,
//! to whom, and what it leaves behind.

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
