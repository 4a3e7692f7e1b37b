//! The v1 nodes as written, each with the comments above it.

use std::collections::BTreeMap;

use super::{Context, Refusal, comments_within, refuse};
use crate::check::tree::Id;
use crate::text::{ProposedEdit, Range, line_around, quote};

/// Keys that v1 ignores and v2 does not.
const OF_V2: &[&str] = &["replicas", "objectStore", "subscriptions"];

/// One node in the list.
pub(super) struct Node {
    pub(super) id: Id,
    /// Its lines, including the comments above it; `None` in flow style.
    pub(super) lines: Option<Range>,
    /// Column of its dash.
    pub(super) dash: usize,
}

/// The list of nodes.
pub(super) struct Source<'t> {
    /// By name; the first of each name.
    nodes: BTreeMap<&'t str, Node>,
    key: Range,
    list: Id,
    /// The whole lines of the entry; `None` in flow style.
    lines: Option<Range>,
}

impl<'t> Source<'t> {
    pub(super) fn of(context: &Context<'t>, root: Id) -> Result<Source<'t>, Refusal> {
        let (key, list) = context.entry(root, "nodes")?;
        let Some(items) = context.written_list(list) else {
            return Err(refuse(context.tree.at(list), "`nodes` must be a list here, not an alias".to_owned()));
        };
        let mut nodes = BTreeMap::new();
        let is_flow = context.is_flow(list);
        let mut starts = Vec::new();
        for item in items {
            meaningless(context, *item)?;
            if !is_flow {
                starts.push(lead(context, *item, key)?);
            }
        }
        let end = if is_flow { 0 } else { end(context, context.tree.at(list).end, key) };
        for (number, item) in items.iter().enumerate() {
            let lines = starts
                .get(number)
                .map(|(start, _)| Range { start: *start, end: starts.get(number + 1).map_or(end, |(next, _)| *next) });
            let dash = starts.get(number).map_or(0, |(_, dash)| *dash);
            if let Some(name) = name(context, *item) {
                nodes.entry(name).or_insert(Node { id: *item, lines, dash });
            }
        }
        let first = line_around(context.text, key.start).start;
        let lines = (!is_flow).then_some(Range { start: first, end });
        Ok(Source { nodes, key, list, lines })
    }

    pub(super) fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.get(name)
    }

    /// Removes the list. Keeps the comment next to its key, and keeps nodes that no workflow uses as comments.
    pub(super) fn gone(&self, context: &Context<'t>) -> Result<Vec<ProposedEdit>, Refusal> {
        let value = context.tree.at(self.list);
        let used = used(context)?;
        let unused: Vec<&Node> =
            self.nodes.iter().filter(|(name, _)| !used.contains(name)).map(|(_, node)| node).collect();
        let Some(lines) = self.lines else {
            let inside: Vec<Range> = self.nodes.values().map(|node| context.tree.at(node.id)).collect();
            if !unused.is_empty() || !comments_within(context.text, value, &inside).is_empty() {
                let why = "comments or unused nodes inside these brackets would be lost".to_owned();
                return Err(refuse(value, why));
            }
            return Ok(vec![ProposedEdit::DropEntry { key: self.key, value }]);
        };
        let break_ = context.new_line(0);
        let mut stays = String::new();
        for comment in comments_within(context.text, line_around(context.text, self.key.start), &[]) {
            stays.push_str(&format!("{comment}{break_}"));
        }
        if !unused.is_empty() {
            stays.push_str(&format!("# Nodes that no workflow uses:{break_}"));
        }
        for line in
            unused.iter().filter_map(|node| node.lines).flat_map(|lines| super::lines(context.slice(lines).trim_end()))
        {
            stays.push_str(&format!("# {}{break_}", line.trim_end()));
        }
        Ok(vec![ProposedEdit::Replace(with_blank_lines(context.text, lines, stays.is_empty()), stays)])
    }
}

/// The names of the nodes that some workflow runs.
fn used<'t>(context: &Context<'t>) -> Result<Vec<&'t str>, Refusal> {
    let root = context.tree.root.ok_or_else(|| refuse(Range::default(), String::new()))?;
    let (_, workflows) = context.entry(root, "workflows")?;
    let Some(items) = context.tree.list(workflows) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for item in items {
        let (_, list) = context.entry(*item, "sequential")?;
        if let Some(names) = context.tree.list(list) {
            found.extend(names.iter().filter_map(|name| context.word(*name)));
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn name<'t>(context: &Context<'t>, node: Id) -> Option<&'t str> {
    let entries = context.tree.map(node)?;
    let key = entries.iter().find(|[key, _]| context.word(*key) == Some("name"))?;
    context.word(key[1])
}

/// Fails if the node has a key that v1 ignores and v2 does not.
fn meaningless(context: &Context<'_>, node: Id) -> Result<(), Refusal> {
    let Some(entries) = context.tree.map(node) else { return Ok(()) };
    for [key, _] in entries {
        if let Some(word) = context.word(*key).filter(|word| OF_V2.contains(word)) {
            let why = format!("{} is ignored in v1, but would have an effect in v2", quote(word));
            let help = "remove it, and add it again after the conversion";
            return Err(Refusal { at: context.tree.at(*key), why, help });
        }
    }
    Ok(())
}

/// Where the lines of an item begin, including the comments above it, and the column of its dash.
fn lead(context: &Context<'_>, item: Id, key: Range) -> Result<(u32, usize), Refusal> {
    let at = context.tree.at(item);
    let mut line = line_around(context.text, at.start);
    let mut head = context.slice(Range { start: line.start, end: at.start });
    while !head.trim_start().starts_with('-') && line.start > key.end {
        line = line_around(context.text, line.start - 1);
        head = context.slice(line);
    }
    let dash = head.len() - head.trim_start_matches(' ').len();
    if !head.trim_start().starts_with('-') || line.start <= key.end {
        return Err(refuse(at, "this node does not begin on its own line".to_owned()));
    }
    let mut start = line.start;
    while start > 0 {
        let above = line_around(context.text, start - 1);
        let content = context.slice(above).trim_start();
        if above.start <= key.end || !content.starts_with('#') {
            break;
        }
        start = above.start;
    }
    Ok((start, dash))
}

/// The end of the last item's lines, including comments below it that are indented deeper than the key of the list.
fn end(context: &Context<'_>, at: u32, key: Range) -> u32 {
    let text = context.text;
    let column = (key.start - line_around(text, key.start).start) as usize;
    let behind = |end: u32| {
        let rest = text.get(end as usize..).unwrap_or_default();
        end + if rest.starts_with("\r\n") { 2 } else { u32::from(!rest.is_empty()) }
    };
    let mut end = behind(line_around(text, at).end);
    loop {
        let line = line_around(text, end);
        let content = context.slice(line);
        let indent = content.len() - content.trim_start().len();
        if !content.trim_start().starts_with('#') || indent <= column {
            return end;
        }
        end = behind(line.end);
    }
}

/// Includes the empty lines below if there is already an empty line above and everything is removed.
fn with_blank_lines(text: &str, lines: Range, is_all: bool) -> Range {
    let above = &text[..lines.start as usize];
    let is_apart = above.is_empty() || above.ends_with("\n\n") || above.ends_with("\r\n\r\n");
    let below = &text[lines.end as usize..];
    let empty = below.len() - below.trim_start_matches(['\n', '\r']).len();
    let more = if is_apart && is_all { empty as u32 } else { 0 };
    Range { start: lines.start, end: lines.end + more }
}
