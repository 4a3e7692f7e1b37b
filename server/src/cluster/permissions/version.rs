//! Versions of Kubernetes.

/// Major and minor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cluster) struct Version(pub(in crate::cluster) u32, pub(in crate::cluster) u32);

/// The oldest and the newest supported version.
const KNOWN: (Version, Version) = (Version(1, 31), Version(1, 37));

impl Version {
    /// Parses the answer of `/version`; providers add letters to the minor, as in `33+`.
    pub(super) fn of(major: &str, minor: &str) -> Option<Version> {
        let number = |text: &str| {
            let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        };
        Some(Version(number(major)?, number(minor)?))
    }

    /// A note for admins when this version is not supported.
    pub(super) fn note(self) -> Option<String> {
        let (oldest, newest) = KNOWN;
        let is = match self {
            version if version < oldest => "older",
            version if version > newest => "newer",
            _ => return None,
        };
        Some(format!(
            "This cluster runs Kubernetes {self}, which is {is} than the supported versions ({oldest} to {newest})."
        ))
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{}.{}", self.0, self.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsupported_versions_get_a_note() {
        assert_eq!(Version::of("1", "33+"), Some(Version(1, 33)));
        assert_eq!(Version::of("1", ""), None);
        assert_eq!(Version(1, 31).note(), None);
        assert_eq!(Version(1, 37).note(), None);
        assert!(Version(1, 30).note().unwrap().contains("older"));
        assert!(Version(1, 38).note().unwrap().contains("newer"));
    }
}
