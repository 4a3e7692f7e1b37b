//! A value as the tree keeps it: 16 bytes and no text of its own, as reading a large manifest is mostly writing these.

use std::borrow::Cow;

use super::{Id, Kind, Part, Scalar, Tree, Value};
use crate::check::places::Range;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slot {
    pub(super) at: Range,
    form: Form,
    /// [`Scalar::plain`].
    plain: bool,
    /// [`Value::anchored`].
    anchored: bool,
    /// [`Value::is_simple`].
    is_simple: bool,
    /// Of a text of its own, a list, a map, an alias: where to find it.
    number: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    /// A scalar that says what is written at its place.
    Written,
    /// The same but for the quotes around it.
    Quoted,
    /// A scalar that says something else: with escapes, over several lines.
    Said,
    List,
    Map,
    Alias,
}

impl Slot {
    fn new(at: Range, form: Form, number: u32) -> Slot {
        Slot { at, form, plain: false, anchored: false, is_simple: false, number }
    }

    /// A scalar that stands as it is in the text.
    pub(super) fn written(at: Range) -> Slot {
        Slot { plain: true, ..Slot::new(at, Form::Written, 0) }
    }

    /// A scalar in quotes, the place being that of the quotes, without escapes.
    pub(super) fn quoted(at: Range) -> Slot {
        Slot::new(at, Form::Quoted, 0)
    }

    /// Any scalar; what is not written in the text like this goes to `texts`.
    pub(super) fn scalar<'t>(
        at: Range,
        said: Cow<'t, str>,
        plain: bool,
        anchored: bool,
        text: &str,
        texts: &mut Vec<Cow<'t, str>>,
    ) -> Slot {
        let form = if slice(text, at) == said {
            Form::Written
        } else if at.end - at.start >= 2 && inside(text, at) == said {
            Form::Quoted
        } else {
            texts.push(said);
            Form::Said
        };
        let number = if form == Form::Said { texts.len() as u32 - 1 } else { 0 };
        Slot { plain, anchored, ..Slot::new(at, form, number) }
    }

    pub(super) fn list(at: Range, items: Part, anchored: bool) -> Slot {
        Slot { anchored, ..Slot::new(at, Form::List, items.0) }
    }

    pub(super) fn map(at: Range, pairs: Part, is_simple: bool, anchored: bool) -> Slot {
        Slot { anchored, is_simple, ..Slot::new(at, Form::Map, pairs.0) }
    }

    pub(super) fn alias(at: Range, target: Id) -> Slot {
        Slot::new(at, Form::Alias, target.0)
    }

    /// What an alias refers to.
    pub(super) fn target(&self) -> Option<Id> {
        (self.form == Form::Alias).then_some(Id(self.number))
    }

    pub(super) fn is_plain(&self) -> bool {
        self.plain
    }

    /// The text of a scalar.
    pub(super) fn word<'a>(&self, text: &'a str, texts: &'a [Cow<'_, str>]) -> Option<&'a str> {
        match self.form {
            Form::Written => Some(slice(text, self.at)),
            Form::Quoted => Some(inside(text, self.at)),
            Form::Said => texts.get(self.number as usize).map(Cow::as_ref),
            _ => None,
        }
    }

    /// The same as bytes, which are cut out faster; of anything else than a scalar none.
    #[inline]
    pub(super) fn bytes<'a>(&self, text: &'a str, texts: &'a [Cow<'_, str>]) -> Option<&'a [u8]> {
        let (start, end) = (self.at.start as usize, self.at.end as usize);
        match self.form {
            Form::Written => text.as_bytes().get(start..end),
            Form::Quoted => text.as_bytes().get(start + 1..end - 1),
            Form::Said => texts.get(self.number as usize).map(|said| said.as_bytes()),
            _ => None,
        }
    }

    pub(super) fn value<'a>(&self, tree: &'a Tree<'_>) -> Value<'a> {
        let kind = match self.form {
            Form::List => Kind::List(Part(self.number)),
            Form::Map => Kind::Map(Part(self.number)),
            Form::Alias => Kind::Alias(Id(self.number)),
            _ => {
                let text = self.word(tree.text, &tree.texts).unwrap_or_default();
                Kind::Scalar(Scalar { text, plain: self.plain })
            }
        };
        Value { at: self.at, kind, anchored: self.anchored, is_simple: self.is_simple }
    }
}

fn slice(text: &str, at: Range) -> &str {
    text.get(at.start as usize..at.end as usize).unwrap_or_default()
}

/// Without the first and the last byte, which are quotes.
fn inside(text: &str, at: Range) -> &str {
    text.get(at.start as usize + 1..(at.end as usize).saturating_sub(1)).unwrap_or_default()
}
