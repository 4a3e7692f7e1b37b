//! The write path: the steps of the real API server's registry between the request and the store.

pub use create::{create, create_internal};
pub use delete::{DeleteOptions, FOREGROUND, ORPHAN, Preconditions, Propagation, delete, finish_if_final};
pub use update::{UpdateOptions, update};

pub mod defaults;
pub mod typed;

mod admission;
mod create;
mod delete;
mod update;
