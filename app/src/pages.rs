//! The pages; each module is named after what its page shows.

pub mod frame;

mod route_announcer;

pub mod sign_in;

pub mod runtimes;

pub mod new_runtime;

pub mod runtime;

pub mod new_version;

pub mod version;

pub mod audit;

pub mod not_found;
