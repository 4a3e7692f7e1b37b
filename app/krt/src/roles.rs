//! Roles and permissions: one table, used by the pages (to explain a refusal) and by the server (to enforce it).

use serde::{Deserialize, Serialize};

/// The role of a person; each role includes the permissions of the previous one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads runtimes, versions, logs, and their own activity.
    Viewer,
    /// Also creates runtimes and versions, takes every action, reads configuration values and all activity.
    Manager,
    /// Also manages users and settings.
    Admin,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Viewer, Role::Manager, Role::Admin];

    pub fn as_str(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Manager => "manager",
            Role::Admin => "admin",
        }
    }

    /// Returns the role with this name, as written by [`Role::as_str`].
    pub fn parse(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// One permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// Runtimes and versions: lists, manifests, packages, objects (their secrets masked), logs, the live stream.
    Read,
    ReadOwnActivity,
    ReadAllActivity,
    ReadConfigurationValues,
    WriteConfigurationValues,
    CreateRuntime,
    CreateVersion,
    /// Start, stop, publish, unpublish, archive.
    TakeAction,
    ManageUsers,
    ManageSettings,
}

impl Permission {
    pub const ALL: [Permission; 10] = [
        Permission::Read,
        Permission::ReadOwnActivity,
        Permission::ReadAllActivity,
        Permission::ReadConfigurationValues,
        Permission::WriteConfigurationValues,
        Permission::CreateRuntime,
        Permission::CreateVersion,
        Permission::TakeAction,
        Permission::ManageUsers,
        Permission::ManageSettings,
    ];

    /// Returns the lowest role that has this permission.
    pub fn least_role(self) -> Role {
        match self {
            Permission::Read | Permission::ReadOwnActivity => Role::Viewer,
            Permission::ReadAllActivity
            | Permission::ReadConfigurationValues
            | Permission::WriteConfigurationValues
            | Permission::CreateRuntime
            | Permission::CreateVersion
            | Permission::TakeAction => Role::Manager,
            Permission::ManageUsers | Permission::ManageSettings => Role::Admin,
        }
    }
}

/// Returns whether a role has a permission.
pub fn may(role: Role, permission: Permission) -> bool {
    role >= permission.least_role()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole table, so that every change to it is deliberate.
    #[test]
    fn the_matrix_of_roles_and_permissions() {
        let mut table = String::new();
        for permission in Permission::ALL {
            let who: Vec<_> = Role::ALL.into_iter().filter(|role| may(*role, permission)).map(Role::as_str).collect();
            table += &format!("{permission:?}: {}\n", who.join(", "));
        }
        insta::assert_snapshot!(table, @r"
        Read: viewer, manager, admin
        ReadOwnActivity: viewer, manager, admin
        ReadAllActivity: manager, admin
        ReadConfigurationValues: manager, admin
        WriteConfigurationValues: manager, admin
        CreateRuntime: manager, admin
        CreateVersion: manager, admin
        TakeAction: manager, admin
        ManageUsers: admin
        ManageSettings: admin
        ");
    }

    #[test]
    fn every_role_is_parsed_from_its_name() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("Admin"), None);
    }
}
