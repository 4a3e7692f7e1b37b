//! Identities and role-based access control, enforced as in the real API server.
//!
//! A request without an identity is an administrator's (`system:masters`). The impersonation headers of Kubernetes
//! select another identity, which is subject to roles and bindings.

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
