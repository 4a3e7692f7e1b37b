//! Tables for `kubectl get` (meta.k8s.io/v1 Table).

use serde_json::{Value, json};

use crate::kinds::Kind;
use crate::meta;

/// A table of `objects`; `columns` only in the first of a stream.
pub fn table<'o>(
    _kind: &Kind,
    objects: impl Iterator<Item = &'o Value>,
    metadata: Value,
    now: jiff::Timestamp,
    columns: bool,
) -> Value {
    let rows: Vec<Value> = objects
        .map(|object| {
            let partial = json!({
                "kind": "PartialObjectMetadata",
                "apiVersion": "meta.k8s.io/v1",
                "metadata": object["metadata"],
            });
            json!({ "cells": [meta::name(object), format!("{now}")], "object": partial })
        })
        .collect();
    let mut definitions = json!([]);
    if columns {
        definitions = json!([{ "name": "Name", "type": "string", "format": "name", "description": "", "priority": 0 },
            { "name": "Age", "type": "string", "format": "", "description": "", "priority": 0 }]);
    }
    json!({ "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata, "columnDefinitions": definitions, "rows": rows })
}
