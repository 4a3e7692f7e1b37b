//! The part of the manifest that a message is about: kept as parts and formatted only if there is a message.

use std::fmt;

use crate::text::quote;

#[derive(Clone, Copy)]
pub(crate) enum Owner<'a> {
    /// A fixed name: "the manifest", "`config`".
    Called(&'a str),
    /// "workflow `etl`".
    Named(&'static str, &'a str),
    /// "workflow 3", counted from 1: for an unknown name.
    Numbered(&'static str, usize),
    /// "node 3 of workflow `etl`".
    Within(&'static str, usize, &'a Owner<'a>),
    /// "`objectStore` of node `etl`".
    Key(&'static str, &'a Owner<'a>),
}

impl fmt::Display for Owner<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Owner::Called(words) => out.write_str(words),
            Owner::Named(what, name) => write!(out, "{what} {}", quote(name)),
            Owner::Numbered(what, number) => write!(out, "{what} {number}"),
            Owner::Within(what, number, owner) => write!(out, "{what} {number} of {owner}"),
            Owner::Key(key, owner) => write!(out, "`{key}` of {owner}"),
        }
    }
}
