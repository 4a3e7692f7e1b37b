//! The pages, each named by what it shows.

pub mod audit;
pub mod frame;
pub mod new_runtime;
pub mod new_version;
pub mod not_found;
pub mod runtime;
pub mod runtimes;
pub mod sign_in;
pub mod version;
