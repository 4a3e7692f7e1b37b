//! Converts KRT v1 to v2 by editing the text: each workflow gets its own copies of its nodes, with their comments.
//!
//! The result is checked: it must have exactly the meaning of the original. Otherwise the conversion is rejected.

mod source;
mod write;

use crate::check::tree::{self, Id, Tree, ValueKind};
use crate::check::{Options, analyze, without_tabs_after_colons};
use crate::diagnostic::Diagnostic;
use crate::manifest::{Contents, Format};
use crate::text::{Places, ProposedEdit, Range, line_break, quote};
use source::Source;

/// Why a manifest cannot be converted, and where.
struct Refusal {
    at: Range,
    why: String,
    help: &'static str,
}

/// Converts a v1 manifest to v2 and keeps its comments, order and quoting. Returns a v2 manifest unchanged.
///
/// # Errors
/// Returns the errors of an invalid manifest, or one `convert-unsafe` that names what prevents the conversion.
pub fn to_v2(text: &str) -> Result<String, Vec<Diagnostic>> {
    let Some(manifest) = analyze(text, Options::MANIFEST).manifest else {
        return Err(analyze(text, Options::default()).diagnostics);
    };
    if manifest.format == Format::V2 {
        return Ok(text.to_owned());
    }
    let places = Places::new(text);
    let refused = |Refusal { at, why, help }: Refusal| {
        let diagnostic = Diagnostic::error("convert-unsafe", why).with_span(places.span(at)).with_help(help);
        vec![diagnostic]
    };
    let converted = convert(text, &places).map_err(refused)?;
    let wanted = Contents { format: Format::V2, ..manifest.into_contents() };
    if analyze(&converted, Options::MANIFEST).manifest.as_deref() == Some(&wanted) {
        return Ok(converted);
    }
    let why = "the converted manifest would differ in meaning: part of this manifest cannot be moved".to_owned();
    let help = "replace aliases and merge keys with the values they stand for, and put each key on its own line";
    Err(refused(Refusal { at: Range::default(), why, help }))
}

fn convert(text: &str, places: &Places<'_>) -> Result<String, Refusal> {
    let readable = without_tabs_after_colons(text);
    let tree = tree::parse(text, places).or_else(|problem| match &readable {
        Some(text) => tree::parse(text, places),
        None => Err(problem),
    });
    // The text was parsed before: it has no errors.
    let tree = tree.map_err(|problem| refuse(problem.at(), "this manifest cannot be parsed".to_owned()))?;
    let root = tree.root.ok_or_else(|| refuse(Range::default(), "the manifest is empty".to_owned()))?;
    let context = Context { text, tree: &tree, is_json: is_json(text, &tree, root) };
    let source = Source::of(&context, root)?;
    let mut changes = vec![version(&context, root)?];
    changes.extend(source.gone(&context)?);
    let workflows = context.entry(root, "workflows")?;
    let Some(items) = context.written_list(workflows.1) else {
        return Err(refuse(tree.at(workflows.1), "`workflows` must be a list here, not an alias".to_owned()));
    };
    for item in items {
        changes.push(write::workflow(&context, *item, &source)?);
    }
    let mut edits = Vec::new();
    for change in changes {
        let made = change.edits(text).ok_or_else(|| refuse(Range::default(), "a key cannot be removed".to_owned()))?;
        edits.extend(made);
    }
    edits.sort_by_key(|(at, _)| *at);
    let mut out = String::with_capacity(text.len() * 2);
    let mut end = 0;
    for (at, new) in edits {
        let kept = text.get(end..at.start as usize);
        out.push_str(
            kept.ok_or_else(|| refuse(at, "the conversion would have to change this place twice".to_owned()))?,
        );
        out.push_str(&new);
        end = at.end as usize;
    }
    out.push_str(&text[end..]);
    Ok(out)
}

/// Sets `krtVersion: v2`: replaces the existing value, or adds the key after `version`.
fn version(context: &Context<'_>, root: Id) -> Result<ProposedEdit, Refusal> {
    if let Ok((_, value)) = context.entry(root, "krtVersion") {
        return Ok(ProposedEdit::Value(context.tree.at(value), "v2".to_owned()));
    }
    let (key, value) = context.entry(root, "version")?;
    let entry = if context.is_json { "\"krtVersion\": \"v2\"" } else { "krtVersion: v2" };
    Ok(ProposedEdit::Insert { key, end: context.tree.at(value).end, entry: entry.to_owned() })
}

fn refuse(at: Range, why: String) -> Refusal {
    Refusal { at, why, help: "replace aliases and merge keys with the values they stand for, then convert again" }
}

/// The input of all steps.
struct Context<'t> {
    text: &'t str,
    tree: &'t Tree<'t>,
    /// Keys are in double quotes, so added keys must be, too.
    is_json: bool,
}

impl<'t> Context<'t> {
    fn slice(&self, at: Range) -> &'t str {
        self.text.get(at.start as usize..at.end as usize).unwrap_or_default()
    }

    /// The position of a key of this map, and its value. Ignores merged keys.
    fn entry(&self, map: Id, key: &str) -> Result<(Range, Id), Refusal> {
        let entries = self.entries(map)?;
        let found = entries.iter().find(|[name, _]| self.word(*name) == Some(key));
        let found = found.map(|[key, value]| (self.tree.at(*key), *value));
        found.ok_or_else(|| {
            refuse(self.tree.at(map), format!("{} must be a key of this map, not merged into it", quote(key)))
        })
    }

    fn entries(&self, map: Id) -> Result<&'t [[Id; 2]], Refusal> {
        match self.tree.written(map).kind {
            ValueKind::Map(entries) => Ok(self.tree.pairs(entries)),
            _ => Err(refuse(self.tree.at(map), "this must be a map, not an alias".to_owned())),
        }
    }

    /// The items of a list that stands here itself; `None` for other values and for aliases.
    fn written_list(&self, list: Id) -> Option<&'t [Id]> {
        if let ValueKind::List(items) = self.tree.written(list).kind { Some(self.tree.items(items)) } else { None }
    }

    /// The text of a scalar, following aliases.
    fn word(&self, id: Id) -> Option<&'t str> {
        self.tree.word(id)
    }

    /// Whether a list or map is written in brackets.
    fn is_flow(&self, id: Id) -> bool {
        let written = self.slice(self.tree.at(id));
        written.starts_with(['[', '{']) && written.ends_with([']', '}'])
    }

    fn new_line(&self, column: usize) -> String {
        format!("{}{}", line_break(self.text), " ".repeat(column))
    }
}

/// Splits into lines. A single carriage return also ends a line.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
}

/// The comments in a part of the text that will be removed, including their `#`. Ignores `#` inside the given values.
fn comments_within<'t>(text: &'t str, at: Range, values: &[Range]) -> Vec<&'t str> {
    let mut found = Vec::new();
    let mut start = at.start as usize;
    for line in text.get(start..at.end as usize).unwrap_or_default().split_inclusive(['\n', '\r']) {
        let inside = |place: usize| values.iter().any(|value| (value.start..value.end).contains(&(place as u32)));
        let begins = |place: usize| place == 0 || text[..start + place].ends_with([' ', '\t', '\n', '\r']);
        let mut marks = line.match_indices('#').map(|(place, _)| place);
        if let Some(place) = marks.find(|place| begins(*place) && !inside(start + place)) {
            found.push(line[place..].trim_end());
        }
        start += line.len();
    }
    found
}

fn is_json(text: &str, tree: &Tree<'_>, root: Id) -> bool {
    let ValueKind::Map(entries) = tree.written(root).kind else { return false };
    tree.pairs(entries).first().is_some_and(|[key, _]| text[tree.at(*key).start as usize..].starts_with('"'))
}
