//! One version of an object as text, for the log, the file and watches.

use serde_json::{Map, Value};

use crate::meta;

/// An object at one resourceVersion: takes a tenth of the memory of its tree, and is sent to watches unchanged.
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
        // The text was serialized from a tree; versions are created in no other way.
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}
