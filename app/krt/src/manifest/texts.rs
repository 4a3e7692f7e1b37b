//! The texts of a manifest: each type holds only what has its form.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::{InvalidManifest, forms};

/// The longest invalid text in a message, in characters.
const MAX_SHOWN: usize = 60;

/// Defines a text that follows a rule. The text is private: whoever has one knows that the rule holds.
macro_rules! text {
    ($(#[$about:meta])* $name:ident, $what:literal, $rule:path) => {
        $(#[$about])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// Returns the text as this type.
            ///
            /// # Errors
            /// Fails when the text does not have the form of this type.
            pub fn new(text: impl Into<String>) -> Result<$name, InvalidManifest> {
                checked(text.into(), $what, $rule).map($name)
            }

            /// A text of a manifest in which the check found no error; builds with debug assertions test it again.
            pub(crate) fn of_checked(text: &str) -> $name {
                debug_assert!($rule(text), "the check accepted {text:?} as {}", $what);
                $name(text.to_owned())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidManifest;

            fn try_from(text: String) -> Result<$name, InvalidManifest> {
                $name::new(text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }

        impl From<&$name> for String {
            fn from(text: &$name) -> String {
                text.0.clone()
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

fn checked(text: String, what: &str, is_right: fn(&str) -> bool) -> Result<String, InvalidManifest> {
    if is_right(&text) {
        return Ok(text);
    }
    let shown: String = text.chars().take(MAX_SHOWN).collect();
    Err(InvalidManifest(format!("{shown:?} is not {what}")))
}

text!(
    /// Name of a version: a lowercase DNS label of 1 to 19 characters that the platform does not use itself.
    VersionName, "a name for a version", forms::is_version_name
);
text!(
    /// Description of a version: 1 to 20,000 characters of plain text, shown escaped.
    Description, "a description of 1 to 20,000 characters", forms::is_description
);
text!(
    /// Name of a workflow: a lowercase DNS label of 1 to 19 characters.
    WorkflowName, "a name for a workflow", forms::is_name
);
text!(
    /// Name of a node: a lowercase DNS label of 1 to 19 characters, other than [`ENTRYPOINT`](super::ENTRYPOINT).
    NodeName, "a name for a node", forms::is_node_name
);
text!(
    /// What a subscription names: [`ENTRYPOINT`](super::ENTRYPOINT) or a node.
    ProcessName, "`entrypoint` or the name of a node", forms::is_name
);
text!(
    /// Subtopic of a node: letters, digits, `-` and `_`.
    Subtopic, "a subtopic", forms::is_word
);
text!(
    /// Name of a gRPC method: a protobuf identifier of at most 200 characters.
    Method, "the name of a gRPC method", forms::is_method
);
text!(
    /// Container image reference, in the grammar of `docker/distribution`.
    Image, "an image reference", forms::is_image
);
text!(
    /// Path of a file inside the package, relative to its root.
    MemberPath, "the path of a file in the package", forms::is_member_path
);
text!(
    /// Path of a `.proto` file inside the package, relative to its root.
    ProtoPath, "the path of a .proto file in the package", forms::is_proto_path
);
text!(
    /// Name of an environment variable: `^[A-Z0-9]([_A-Z0-9]*[A-Z0-9])?$`, at most 253 characters.
    VariableName, "a name for a variable", forms::is_variable_name
);
text!(
    /// Name of a configuration file: a key of a ConfigMap. In v1, it has the form of a variable.
    FileName, "a name for a file", forms::is_file_name
);
text!(
    /// Name of an object store: a lowercase DNS label of at most 191 characters.
    StoreName, "a name for an object store", forms::is_store_name
);
