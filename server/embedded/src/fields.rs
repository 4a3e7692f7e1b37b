//! Field ownership: sets of fields, merging by list keys, server-side apply, strategic merge patch.
//!
//! Follows <https://kubernetes.io/docs/reference/using-api/server-side-apply/> and the behavior of
//! `sigs.k8s.io/structured-merge-diff`.

pub use managed::{Manager, apply, updated};
pub use patch::{json_patch, merge_patch, strategic_merge_patch};

mod compare;
mod managed;
mod merge;
mod patch;
mod prune;
mod schema;
mod set;
