//! The identity of a request.

use axum::http::HeaderMap;

use super::{Attributes, Place};
use crate::status::ApiError;

/// The group that may do everything without a role.
const MASTERS: &str = "system:masters";
const AUTHENTICATED: &str = "system:authenticated";
const UNAUTHENTICATED: &str = "system:unauthenticated";
const ANONYMOUS: &str = "system:anonymous";
const SERVICE_ACCOUNT: &str = "system:serviceaccount:";

/// A user and its groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserIdentity {
    pub user: String,
    pub groups: Vec<String>,
}

/// The contents of the impersonation headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impersonation {
    pub user: String,
    pub groups: Vec<String>,
}

impl Impersonation {
    /// The permissions needed to impersonate this identity.
    pub fn needs(&self) -> Vec<Attributes> {
        let asked = |resource: &str, name: &str, namespace: &str| {
            let place = Place::Resource {
                group: String::new(),
                resource: resource.to_owned(),
                subresource: String::new(),
                name: name.to_owned(),
                namespace: namespace.to_owned(),
            };
            Attributes { verb: "impersonate".to_owned(), place }
        };
        let user = match self.user.strip_prefix(SERVICE_ACCOUNT).and_then(|rest| rest.split_once(':')) {
            Some((namespace, name)) => asked("serviceaccounts", name, namespace),
            None => asked("users", &self.user, ""),
        };
        std::iter::once(user).chain(self.groups.iter().map(|group| asked("groups", group, ""))).collect()
    }
}

impl UserIdentity {
    /// The identity of requests without impersonation headers.
    pub fn administrator() -> UserIdentity {
        UserIdentity { user: "kubernetes-admin".to_owned(), groups: vec![MASTERS.to_owned(), AUTHENTICATED.to_owned()] }
    }

    /// A user with the given groups and the implied ones.
    pub fn new(user: &str, groups: impl IntoIterator<Item = String>) -> UserIdentity {
        let mut groups: Vec<String> = groups.into_iter().collect();
        if let Some((namespace, _)) = user.strip_prefix(SERVICE_ACCOUNT).and_then(|rest| rest.split_once(':')) {
            // Explicit groups replace these.
            if groups.is_empty() {
                groups.extend(["system:serviceaccounts".to_owned(), format!("system:serviceaccounts:{namespace}")]);
            }
        }
        let implied = if user == ANONYMOUS { UNAUTHENTICATED } else { AUTHENTICATED };
        if !groups.iter().any(|group| group == implied) {
            groups.push(implied.to_owned());
        }
        UserIdentity { user: user.to_owned(), groups }
    }

    /// The identity in the headers, if any: `Impersonate-User` and any number of `Impersonate-Group`.
    ///
    /// # Errors
    /// 500, as in the real server, for groups without a user.
    pub fn named(headers: &HeaderMap) -> Result<Option<Impersonation>, ApiError> {
        let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let user = headers.get("impersonate-user").map(text).unwrap_or_default();
        let groups: Vec<String> = headers.get_all("impersonate-group").iter().map(text).collect();
        match (user.as_str(), groups.is_empty()) {
            ("", true) => Ok(None),
            ("", false) => {
                Err(ApiError::internal(&format!("requested groups {groups:?} without impersonating a user")))
            }
            _ => Ok(Some(Impersonation { user, groups })),
        }
    }

    /// Whether the identity may do everything, regardless of roles.
    pub fn is_master(&self) -> bool {
        self.groups.iter().any(|group| group == MASTERS)
    }

    /// Whether a binding's subject is this identity. A service account without a namespace is in the binding's
    /// `namespace`.
    pub fn is(&self, subject: &serde_json::Value, namespace: &str) -> bool {
        let name = subject["name"].as_str().unwrap_or_default();
        match subject["kind"].as_str() {
            Some("User") => name == self.user,
            Some("Group") => self.groups.iter().any(|group| group == name),
            Some("ServiceAccount") => {
                let namespace = subject["namespace"].as_str().filter(|given| !given.is_empty()).unwrap_or(namespace);
                let account = self.user.strip_prefix(SERVICE_ACCOUNT).and_then(|rest| rest.split_once(':'));
                !namespace.is_empty() && account == Some((namespace, name))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn implied_groups_depend_on_the_kind_of_user() {
        let groups =
            |user: &str, given: &[&str]| UserIdentity::new(user, given.iter().map(|one| (*one).to_owned())).groups;
        assert_eq!(groups("jane", &["dev"]), ["dev", "system:authenticated"]);
        assert_eq!(groups("system:anonymous", &[]), ["system:unauthenticated"]);
        let account = ["system:serviceaccounts", "system:serviceaccounts:ns", "system:authenticated"];
        assert_eq!(groups("system:serviceaccount:ns:console", &[]), account);
    }

    #[test]
    fn subjects_are_users_groups_and_service_accounts() {
        let account = UserIdentity::new("system:serviceaccount:ns:console", []);
        for (subject, expected) in [
            (json!({ "kind": "ServiceAccount", "namespace": "ns", "name": "console" }), true),
            (json!({ "kind": "ServiceAccount", "name": "console" }), true),
            (json!({ "kind": "ServiceAccount", "namespace": "other", "name": "console" }), false),
            (json!({ "kind": "Group", "name": "system:serviceaccounts:ns" }), true),
            (json!({ "kind": "User", "name": "system:serviceaccount:ns:console" }), true),
            (json!({ "kind": "User", "name": "console" }), false),
        ] {
            assert_eq!(account.is(&subject, "ns"), expected, "{subject}");
        }
    }
}
