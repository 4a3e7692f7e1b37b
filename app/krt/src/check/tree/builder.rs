//! Builds the tree from the parser's events, within limits.

use std::collections::BTreeMap;

use saphyr_parser::{Event, ScalarStyle};

use super::{Id, MERGE, Part, Scalar, Tree, Value, ValueKind};
use crate::check::distinct::are_distinct;
use crate::check::key::Key;
use crate::check::problem::Problem;
use crate::text::Range;

/// How many values a manifest may have, counting those behind an alias each time it is used. A manifest of 10,000 nodes
/// has about 150,000; the limit keeps memory below 40 MB and stops alias bombs before anything is expanded.
pub(crate) const MAX_VALUES: u32 = 400_000;

/// How deep values may nest, following aliases. A manifest needs 7; the parser itself stops at 255 in flow style.
pub(super) const MAX_DEPTH: u32 = 200;

/// Builds a tree from events. The stack of open values is on the heap, so that depth costs no stack.
pub(super) struct Builder<'t> {
    text: &'t str,
    values: Vec<Value<'t>>,
    /// The children of all closed lists and maps.
    finished: Vec<Id>,
    open: Vec<Open>,
    /// The children of all open lists and maps, each after those of the surrounding one.
    children: Vec<Id>,
    /// By the parser's anchor number; `None` until the anchored value is finished.
    anchors: BTreeMap<usize, Option<(Id, Extent)>>,
    root: Option<Id>,
}

/// The size of a value, following aliases.
#[derive(Clone, Copy)]
struct Extent {
    /// The number of values, including itself.
    count: u32,
    /// The number of levels, including itself.
    depth: u32,
}

const ONE: Extent = Extent { count: 1, depth: 1 };

/// An open list or map.
struct Open {
    start: u32,
    anchor: usize,
    extent: Extent,
    is_map: bool,
    /// The index of its first value among the children.
    first: u32,
}

impl<'t> Builder<'t> {
    pub(super) fn new(text: &'t str) -> Builder<'t> {
        Builder {
            text,
            // A manifest has about one value per 16 bytes.
            values: Vec::with_capacity(text.len() / 16),
            finished: Vec::new(),
            open: Vec::new(),
            children: Vec::new(),
            anchors: BTreeMap::new(),
            root: None,
        }
    }

    pub(super) fn is_finished(&self) -> bool {
        self.root.is_some() && self.open.is_empty()
    }

    pub(super) fn take(&mut self, event: Event<'t>, at: Range) -> Result<(), Problem> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let at = self.without_properties(at, anchor > 0 || tag.is_some());
                let at = match style {
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => self.to_closing_quote(at),
                    _ => self.without_blanks(at),
                };
                let core = tag.as_ref().filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.as_str());
                let plain = match core {
                    Some("str") => false,
                    Some("bool" | "int" | "float" | "null") => true,
                    _ => style == ScalarStyle::Plain,
                };
                let key = if self.is_at_key() { Key::of(&text) } else { None };
                let kind = ValueKind::Scalar(Scalar { text, plain });
                self.add(Value { anchored: anchor > 0, key, ..Value::leaf(at, kind) }, ONE, anchor)
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(Some((target, extent))) => self.add(Value::leaf(at, ValueKind::Alias(*target)), *extent, 0),
                _ => Err(Problem::error("yaml-alias-loop", at, "this alias is inside the value it refers to")
                    .help("replace the alias with the value it stands for")),
            },
            Event::SequenceStart(anchor, _) => self.begin(at, anchor, false),
            Event::MappingStart(anchor, _) => self.begin(at, anchor, true),
            Event::SequenceEnd | Event::MappingEnd => self.end(at),
            _ => Ok(()),
        }
    }

    fn begin(&mut self, at: Range, anchor: usize, is_map: bool) -> Result<(), Problem> {
        if anchor > 0 {
            self.anchors.insert(anchor, None);
        }
        if self.open.len() as u32 >= MAX_DEPTH {
            return Err(too_deep(at));
        }
        let first = self.children.len() as u32;
        self.open.push(Open { start: at.start, anchor, extent: ONE, is_map, first });
        Ok(())
    }

    /// Begins a list or map without an anchor.
    pub(super) fn begin_plain(&mut self, start: u32, is_map: bool) -> Result<(), Problem> {
        self.begin(Range { start, end: start }, 0, is_map)
    }

    fn end(&mut self, at: Range) -> Result<(), Problem> {
        let Some((open, last)) = self.innermost() else { return Ok(()) };
        let end = self.behind_bracket(open.start, at.start, last).unwrap_or(last.max(open.start));
        self.end_at(end)
    }

    /// Ends the innermost block after its last value.
    pub(super) fn end_of_block(&mut self) -> Result<(), Problem> {
        let Some((open, last)) = self.innermost() else { return Ok(()) };
        let end = last.max(open.start);
        self.end_at(end)
    }

    /// The innermost open list or map, and the end of its last value.
    fn innermost(&self) -> Option<(&Open, u32)> {
        let open = self.open.last()?;
        let last = self.children[open.first as usize..].last();
        Some((open, last.map_or(open.start, |child| self.values[child.0 as usize].at.end)))
    }

    /// Ends the innermost list or map before this byte.
    pub(super) fn end_at(&mut self, end: u32) -> Result<(), Problem> {
        // Always present: the parser opens before it closes.
        let Some(Open { start, anchor, extent, is_map, first }) = self.open.pop() else { return Ok(()) };
        let children = &self.children[first as usize..];
        let is_simple = is_map && self.is_simple(children.as_chunks().0);
        let begin = self.finished.len() as u32;
        self.finished.extend_from_slice(children);
        let part = Part { first: begin, end: self.finished.len() as u32 };
        let kind = if is_map { ValueKind::Map(part) } else { ValueKind::List(part) };
        self.children.truncate(first as usize);
        self.add(Value { at: Range { start, end }, kind, is_simple, anchored: anchor > 0, key: None }, extent, anchor)
    }

    /// Whether the next value is a key.
    fn is_at_key(&self) -> bool {
        self.open
            .last()
            .is_some_and(|open| open.is_map && (self.children.len() - open.first as usize).is_multiple_of(2))
    }

    /// Whether the keys of a map are distinct words and not merge keys.
    fn is_simple(&self, pairs: &[[Id; 2]]) -> bool {
        let mut seen = 0u32;
        let is_new = |[key, _]: &[Id; 2]| {
            let bit = self.values[key.0 as usize].key.map_or(0, |key| 1 << key as u32);
            let is_new = bit & !seen != 0;
            seen |= bit;
            is_new
        };
        if pairs.iter().all(is_new) {
            return true;
        }
        let word = |[key, _]: &[Id; 2]| match &self.values[key.0 as usize].kind {
            ValueKind::Scalar(scalar) => scalar.text.as_ref(),
            _ => MERGE,
        };
        pairs.iter().all(|pair| word(pair) != MERGE) && are_distinct(pairs.iter().map(word))
    }

    /// The position after the bracket that closes a flow; `None` for a block, which the parser ends at the next token.
    fn behind_bracket(&self, start: u32, end: u32, last: u32) -> Option<u32> {
        let is_bracket = |place: u32| matches!(self.text.as_bytes().get(place as usize), Some(b']' | b'}'));
        if !matches!(self.text.as_bytes().get(start as usize), Some(b'[' | b'{')) || end <= start {
            return None;
        }
        if is_bracket(end) {
            return Some(end + 1);
        }
        // With a comma after the last value, the parser reports the end at the comma.
        let rest = self.text.get(last as usize..)?;
        let place = last + (rest.len() - rest.trim_start_matches([' ', ',', '\t', '\n', '\r']).len()) as u32;
        is_bracket(place).then_some(place + 1)
    }

    /// Returns the tree. Ends lists and maps that are still open because the text could not be read further.
    pub(super) fn tree(mut self) -> Tree<'t> {
        while let Some(open) = self.open.last() {
            let at = Range { start: open.start, end: open.start };
            // This fails only at a limit; then the value is left out.
            let _ = self.end(at);
        }
        Tree { values: self.values, children: self.finished, root: self.root }
    }

    /// Adds a scalar without an anchor to the innermost list or map. The caller counts the values.
    pub(super) fn leaf(&mut self, at: Range, scalar: Scalar<'t>, key: Option<Key>) {
        self.children.push(Id(self.values.len() as u32));
        self.values.push(Value { key, ..Value::leaf(at, ValueKind::Scalar(scalar)) });
    }

    // Inlined so that a value is constructed in place: moving it is slower than constructing it.
    #[inline(always)]
    fn add(&mut self, value: Value<'t>, extent: Extent, anchor: usize) -> Result<(), Problem> {
        let id = Id(self.values.len() as u32);
        let at = value.at;
        let mut limit = Ok(());
        if let Some(parent) = self.open.last_mut() {
            self.children.push(id);
            let whole = &mut parent.extent;
            whole.count = whole.count.saturating_add(extent.count);
            whole.depth = whole.depth.max(extent.depth.saturating_add(1));
            if whole.count > MAX_VALUES {
                limit = Err(too_many(at));
            } else if whole.depth > MAX_DEPTH {
                limit = Err(too_deep(at));
            }
        } else {
            self.root = Some(id);
        }
        self.values.push(value);
        if anchor > 0 {
            self.anchors.insert(anchor, Some((id, extent)));
        }
        limit
    }

    /// The range of a value without its anchor and tag.
    fn without_properties(&self, at: Range, has_properties: bool) -> Range {
        let mut start = at.start as usize;
        let end = at.end as usize;
        loop {
            let rest = self.text.get(start..end).unwrap_or_default();
            if !has_properties || !rest.starts_with(['&', '!']) {
                break;
            }
            let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
            start += word + rest[word..].len() - rest[word..].trim_start().len();
        }
        Range { start: start as u32, end: at.end }
    }

    /// The range up to the closing quote: the parser includes a comment after it.
    fn to_closing_quote(&self, at: Range) -> Range {
        let inside = self.text.as_bytes().get(at.start as usize..at.end as usize).unwrap_or_default();
        let Some(quote) = inside.first() else { return at };
        let mut place = 1;
        while let Some(byte) = inside.get(place) {
            let escapes = match quote {
                b'"' => *byte == b'\\',
                _ => *byte == b'\'' && inside.get(place + 1) == Some(&b'\''),
            };
            if !escapes && byte == quote {
                return Range { start: at.start, end: at.start + place as u32 + 1 };
            }
            place += if escapes { 2 } else { 1 };
        }
        self.without_blanks(at)
    }

    /// The range without trailing whitespace and line breaks.
    fn without_blanks(&self, at: Range) -> Range {
        let inside = self.text.get(at.start as usize..at.end as usize).unwrap_or_default();
        Range { start: at.start, end: at.start + inside.trim_end().len() as u32 }
    }
}

fn too_deep(at: Range) -> Problem {
    let message = format!("values are nested more than {MAX_DEPTH} levels deep here");
    Problem::error("yaml-too-deep", at, message).help("a manifest needs only seven levels")
}

fn too_many(at: Range) -> Problem {
    let message = format!("the manifest has more than {MAX_VALUES} values, counting an alias each time it is used");
    Problem::error("yaml-too-large", at, message).help("write fewer values: aliases inside aliases multiply them")
}
