//! One form of an object as text, as the log, the file and the watches need it.

use serde_json::{Map, Value};

use crate::meta;

/// An object as it was at one resourceVersion: a tenth of the memory of its tree, and written to watches as it is.
#[derive(Debug)]
pub struct Version {
    pub uid: Box<str>,
    pub labels: Option<Map<String, Value>>,
    /// UIDs of its owners.
    pub owners: Vec<Box<str>>,
    text: Box<str>,
}

impl Version {
    pub fn of(object: &Value) -> Version {
        let owners = meta::owners(object).iter().filter_map(|owner| owner["uid"].as_str().map(Box::from));
        Version {
            uid: meta::uid(object).into(),
            labels: meta::labels(object).cloned(),
            owners: owners.collect(),
            text: object.to_string().into(),
        }
    }

    /// The object as JSON.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The object as a tree.
    pub fn object(&self) -> Value {
        // The text was written from a tree; nothing else makes a version.
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}
