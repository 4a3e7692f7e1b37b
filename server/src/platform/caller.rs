//! Authorization: `krt::roles` decides; this module turns a denial into an error.

use app::error::{Error, ErrorKind};
use app::model::Caller;
use krt::roles::{Permission, may};

/// Requires the permission to read. Without it, everything is reported as not found.
pub(super) fn may_read(caller: &Caller) -> Result<(), Error> {
    if may(caller.role, Permission::Read) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::NotFound, "You have no access to this console. Ask an admin for a role."))
}

/// Requires a permission to read activity: all of it, or the caller's own.
pub(super) fn may_read_activity(caller: &Caller) -> Result<(), Error> {
    if may(caller.role, Permission::ReadOwnActivity) || may(caller.role, Permission::ReadAllActivity) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::NotFound, "You have no access to this console. Ask an admin for a role."))
}

/// Requires a permission. The error says which role to ask.
pub(super) fn authorize(caller: &Caller, permission: Permission) -> Result<(), Error> {
    may_read(caller)?;
    if may(caller.role, permission) {
        return Ok(());
    }
    let (role, least) = (caller.role.as_str(), permission.least_role().as_str());
    let article = if least.starts_with('a') { "an" } else { "a" };
    Err(Error::new(ErrorKind::Forbidden, format!("A {role} cannot do this; ask {article} {least}.")))
}
