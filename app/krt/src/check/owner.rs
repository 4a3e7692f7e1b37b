//! Whom a message speaks of: kept as parts, and written out only when there is something to say.

use std::fmt;

use super::words::quote;

#[derive(Clone, Copy)]
pub(crate) enum Owner<'a> {
    /// As it is: "the manifest", "`config`".
    Called(&'a str),
    /// "workflow `etl`".
    Named(&'static str, &'a str),
    /// "workflow 3", from 1: one whose name is not known.
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
