//! YAML as a small tree in which every value has its position: limited in depth and size, with shared aliases.

mod builder;
mod duplicates;
mod plain;
mod strict;

use std::borrow::Cow;

use saphyr_parser::{Event, Parser};

use super::key::Key;
use super::problem::Problem;
use super::syntax;
use crate::text::{Places, ProposedEdit, Range};
use builder::Builder;
pub(crate) use builder::MAX_VALUES;
pub(crate) use duplicates::{duplicate_keys, lacks_a_dash};

/// The key that merges other maps into its map.
pub(crate) const MERGE: &str = "<<";

/// A value's number in its [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Id(u32);

#[derive(Debug, PartialEq)]
pub(crate) struct Value<'t> {
    pub(crate) at: Range,
    pub(crate) kind: ValueKind<'t>,
    /// Whether the value has an anchor, so that aliases may refer to it.
    pub(crate) anchored: bool,
    /// Whether the value is a map whose keys are distinct words and not merge keys.
    pub(crate) is_simple: bool,
    /// The KRT key, if the value is a key of a map.
    pub(crate) key: Option<Key>,
}

#[derive(Debug, PartialEq)]
pub(crate) enum ValueKind<'t> {
    Scalar(Scalar<'t>),
    List(Part),
    Map(Part),
    Alias(Id),
}

#[derive(Debug, PartialEq)]
pub(crate) struct Scalar<'t> {
    pub(crate) text: Cow<'t, str>,
    /// Whether the text may be null, a number or a boolean: written without quotes and without a tag for text, or with
    /// a tag for one of these types.
    pub(crate) plain: bool,
}

/// The range of the values of a list or map among all children ([`Tree::items`], [`Tree::pairs`]).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Part {
    first: u32,
    end: u32,
}

/// One YAML document.
#[derive(Debug, PartialEq)]
pub(crate) struct Tree<'t> {
    values: Vec<Value<'t>>,
    /// The values of all lists and maps, grouped by list or map; for a map, each key followed by its value.
    children: Vec<Id>,
    pub(crate) root: Option<Id>,
}

impl<'t> Value<'t> {
    /// A value without children and without an anchor.
    fn leaf(at: Range, kind: ValueKind<'t>) -> Value<'t> {
        Value { at, kind, anchored: false, is_simple: false, key: None }
    }
}

impl<'t> Tree<'t> {
    /// The value itself, which may be an alias.
    pub(crate) fn written(&self, id: Id) -> &Value<'t> {
        &self.values[id.0 as usize]
    }

    /// The value, following aliases.
    pub(crate) fn value(&self, id: Id) -> &Value<'t> {
        let mut value = self.written(id);
        // An alias refers to a finished value, so this ends: YAML does not allow anchors on aliases.
        while let ValueKind::Alias(target) = value.kind {
            value = self.written(target);
        }
        value
    }

    pub(crate) fn items(&self, list: Part) -> &[Id] {
        &self.children[list.first as usize..list.end as usize]
    }

    /// Keys and values.
    pub(crate) fn pairs(&self, map: Part) -> &[[Id; 2]] {
        self.items(map).as_chunks().0
    }

    /// The items of a list, following aliases; `None` for other values.
    pub(crate) fn list(&self, id: Id) -> Option<&[Id]> {
        if let ValueKind::List(items) = self.value(id).kind { Some(self.items(items)) } else { None }
    }

    /// The keys and values of a map, following aliases; `None` for other values.
    pub(crate) fn map(&self, id: Id) -> Option<&[[Id; 2]]> {
        if let ValueKind::Map(pairs) = self.value(id).kind { Some(self.pairs(pairs)) } else { None }
    }

    /// The text of a scalar, following aliases; `None` for other values.
    pub(crate) fn word(&self, id: Id) -> Option<&str> {
        if let ValueKind::Scalar(scalar) = &self.value(id).kind { Some(&scalar.text) } else { None }
    }

    /// Whether the value is a plain scalar.
    pub(crate) fn is_plain(&self, id: Id) -> bool {
        matches!(&self.value(id).kind, ValueKind::Scalar(scalar) if scalar.plain)
    }

    /// Whether both are scalars with the same meaning.
    fn says_the_same(&self, one: Id, other: Id) -> bool {
        match (&self.value(one).kind, &self.value(other).kind) {
            (ValueKind::Scalar(one), ValueKind::Scalar(other)) => one.text == other.text && one.plain == other.plain,
            _ => false,
        }
    }

    /// The range of the value in the text; for an alias, the range of the alias.
    pub(crate) fn at(&self, id: Id) -> Range {
        self.written(id).at
    }
}

/// Reads the first document. Fails with the problem that makes the rest unreadable.
pub(crate) fn parse<'t>(text: &'t str, places: &Places<'_>) -> Result<Tree<'t>, Problem> {
    match parse_as_far(text, places) {
        (tree, None) => Ok(tree),
        (_, Some(problem)) => Err(problem),
    }
}

/// The part of the first document that can be read, and the problem that makes the rest unreadable.
pub(crate) fn parse_as_far<'t>(text: &'t str, places: &Places<'_>) -> (Tree<'t>, Option<Problem>) {
    match plain::read(text) {
        Some(tree) => {
            debug_assert!(is_parsed_alike(&tree, text, places), "the plain reader and the parser disagree: {text:?}");
            (tree, None)
        }
        None => parsed(text, places),
    }
}

/// Whether the parser yields the same tree. Builds with debug assertions test this for every text.
fn is_parsed_alike(tree: &Tree<'_>, text: &str, places: &Places<'_>) -> bool {
    let (parsed, problem) = parsed(text, places);
    problem.is_none() && *tree == parsed
}

/// Like [`parse_as_far`], but always with the parser, which supports all of YAML.
fn parsed<'t>(text: &'t str, places: &Places<'_>) -> (Tree<'t>, Option<Problem>) {
    let mut builder = Builder::new(text);
    let problem = build(text, places, &mut builder).err();
    let tree = builder.tree();
    let problem = problem.or_else(|| strict::problem(&tree, text));
    (tree, problem)
}

fn build<'t>(text: &'t str, places: &Places<'_>, builder: &mut Builder<'t>) -> Result<(), Problem> {
    let skipped = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let shift = usize::from(skipped > 0);
    let place = |span: saphyr_parser::Span| Range {
        start: places.byte(span.start.index() + shift),
        end: places.byte(span.end.index() + shift),
    };
    let mut documents = 0;
    let mut parser = Parser::new_from_str(&text[skipped..]);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((Event::DocumentStart(_), span)) if documents == 1 => return Err(second_document(place(span), places)),
            Ok((Event::DocumentStart(_), _)) => documents += 1,
            Ok((event, span)) => builder.take(event, place(span))?,
            Err(error) => {
                let start = places.byte(error.marker().index() + shift);
                let after_the_end = documents == 1 && builder.is_finished();
                let problem = if after_the_end { syntax::after_the_end } else { syntax::problem };
                return Err(problem(&error, start, text, places));
            }
        }
    }
    Ok(())
}

fn second_document(at: Range, places: &Places<'_>) -> Problem {
    Problem::error("yaml-documents", places.rest_of_line(at.start), "a second YAML document begins here")
        .help("a manifest is one document: remove the `---` and what follows it")
        .fix(
            "remove what follows the manifest",
            [ProposedEdit::Replace(Range { start: at.start, end: places.text().len() as u32 }, String::new())],
        )
}
