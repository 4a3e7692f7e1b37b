//! Who may do what: identities, and role-based access control as the real API server enforces it.
//!
//! Whoever reaches this server without naming an identity is its administrator (`system:masters`). The impersonation
//! headers of Kubernetes name another one, which is held to roles and bindings.

pub use authorizer::{Objects, decide, rules_of};
pub use bootstrap::bootstrap;
pub use escalation::confirm;
pub use identity::UserIdentity;
pub use request::{Attributes, Place};

mod authorizer;
mod bootstrap;
mod escalation;
mod identity;
mod request;
mod rules;
