//! The phases of a pass: each compares the cluster with the store, does what is missing, and returns when to check
//! again.

pub(super) mod grace_period;
pub(super) mod lease;
pub(super) mod present;
pub(super) mod prune;
pub(super) mod public;
pub(super) mod publish;
pub(super) mod roll_back;
pub(super) mod start;
pub(super) mod steady_state;
pub(super) mod stop;
pub(super) mod unpublish;
