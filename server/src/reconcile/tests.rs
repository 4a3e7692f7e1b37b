//! The reconciler against the embedded cluster.

mod publishing;
mod stage;
mod starting;
