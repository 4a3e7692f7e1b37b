//! Who may do what: `krt::roles` decides, and here its no becomes an answer.

use app::error::{Error, ErrorKind};
use app::model::Caller;
use krt::roles::{Permission, may};

/// Reading is what makes things exist for a caller: who may not, is told that there is nothing.
pub(super) fn may_read(caller: &Caller) -> Result<(), Error> {
    if may(caller.role, Permission::Read) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::NotFound, "There is nothing here for you. Ask an admin for a role."))
}

/// Everybody who signed in sees activity, if only the own.
pub(super) fn may_read_activity(caller: &Caller) -> Result<(), Error> {
    if may(caller.role, Permission::ReadOwnActivity) || may(caller.role, Permission::ReadAllActivity) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::NotFound, "There is nothing here for you. Ask an admin for a role."))
}

/// What a reader may not do, he is told so, and whom to ask.
pub(super) fn authorise(caller: &Caller, permission: Permission) -> Result<(), Error> {
    may_read(caller)?;
    if may(caller.role, permission) {
        return Ok(());
    }
    let (role, least) = (caller.role.as_str(), permission.least_role().as_str());
    Err(Error::new(ErrorKind::Forbidden, format!("A {role} may not do this; ask a {least}.")))
}
