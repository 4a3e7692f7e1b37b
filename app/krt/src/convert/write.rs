//! Writes a v2 workflow: `exitpoint` and `nodes` instead of `sequential`.

use super::source::{Node, Source};
use super::{Context, Refusal, comments_within, refuse};
use crate::check::tree::{Id, ValueKind};
use crate::manifest::ENTRYPOINT;
use crate::text::{ProposedEdit, Range, as_scalar, line_around};

/// Converts one workflow.
pub(super) fn workflow(context: &Context<'_>, workflow: Id, source: &Source<'_>) -> Result<ProposedEdit, Refusal> {
    let (key, list) = context.entry(workflow, "sequential")?;
    let at = context.tree.at(list);
    let Some(items) = context.tree.list(list) else {
        return Err(refuse(at, "`sequential` is not a list".to_owned()));
    };
    let names: Vec<&str> = items.iter().filter_map(|item| context.word(*item)).collect();
    let mut nodes = Vec::new();
    let mut previous = ENTRYPOINT;
    for name in &names {
        let node = source.node(name).ok_or_else(|| refuse(at, "a node must be a map here, not an alias".to_owned()))?;
        nodes.push((node, previous));
        previous = name;
    }
    let is_flow = context.is_flow(workflow);
    let end = if is_flow { at.end } else { line_around(context.text, at.end).end };
    let whole = Range { start: key.start, end };
    let values: Vec<Range> = items.iter().map(|item| context.tree.at(*item)).collect();
    let comments = comments_within(context.text, whole, &values);
    if is_flow && !comments.is_empty() {
        return Err(refuse(whole, "comments inside these braces would be lost".to_owned()));
    }
    let new = if is_flow {
        in_flow(context, &nodes, previous)?
    } else {
        in_block(context, key, &nodes, previous, &comments)?
    };
    Ok(ProposedEdit::Replace(whole, new))
}

fn in_flow(context: &Context<'_>, nodes: &[(&Node, &str)], last: &str) -> Result<String, Refusal> {
    let mut list = Vec::new();
    for (node, previous) in nodes {
        list.push(flow_node(context, node.id, previous)?);
    }
    let list = list.join(", ");
    Ok(format!("{}, {}: [{list}]", pair(context, "exitpoint", last), name(context, "nodes")))
}

fn in_block(
    context: &Context<'_>,
    key: Range,
    nodes: &[(&Node, &str)],
    last: &str,
    comments: &[&str],
) -> Result<String, Refusal> {
    let column = (key.start - line_around(context.text, key.start).start) as usize;
    let mut out =
        format!("{}{}{}:", pair(context, "exitpoint", last), context.new_line(column), name(context, "nodes"));
    for comment in comments {
        out.push_str(&context.new_line(column + 2));
        out.push_str(comment);
    }
    for (node, previous) in nodes {
        match node.lines {
            Some(lines) => block_node(context, node, lines, previous, column + 2, &mut out)?,
            None => {
                out.push_str(&context.new_line(column + 2));
                out.push_str("- ");
                out.push_str(&flow_node(context, node.id, previous)?);
            }
        }
    }
    Ok(out)
}

/// Writes the lines of a node, moved to another column, with its subscription.
fn block_node(
    context: &Context<'_>,
    node: &Node,
    lines: Range,
    previous: &str,
    column: usize,
    out: &mut String,
) -> Result<(), Refusal> {
    let at = context.tree.at(node.id);
    let is_map = matches!(context.tree.written(node.id).kind, ValueKind::Map(_));
    let (place, added) = if context.is_flow(node.id) || !is_map {
        (at, flow_node(context, node.id, previous)?)
    } else {
        let place = line_around(context.text, at.end).end;
        let inner = (at.start - line_around(context.text, at.start).start) as usize;
        let entry = context.new_line(inner) + &subscribed(context, previous);
        (Range { start: place, end: place }, entry)
    };
    let before = context.slice(Range { start: lines.start, end: place.start });
    let after = context.slice(Range { start: place.end, end: lines.end.max(place.end) });
    let whole = format!("{before}{added}{after}");
    for line in super::lines(whole.trim_end()) {
        let line = line.trim_end();
        let indent = line.len() - line.trim_start_matches(' ').len();
        let indent = (indent + column).saturating_sub(node.dash);
        match line.is_empty() {
            true => out.push_str(&context.new_line(0)),
            false => out.push_str(&(context.new_line(indent) + line.trim_start_matches(' '))),
        }
    }
    Ok(())
}

/// A node in braces.
fn flow_node(context: &Context<'_>, node: Id, previous: &str) -> Result<String, Refusal> {
    let at = context.tree.at(node);
    let written = context.slice(at);
    if matches!(context.tree.written(node).kind, ValueKind::Alias(_)) {
        return Ok(format!("{{<<: {written}, {}}}", subscribed(context, previous)));
    }
    let subscription = subscribed(context, previous);
    if context.is_flow(node) {
        let inside = written[..written.len() - 1].trim_end();
        let comma = if inside.ends_with([',', '{']) { "" } else { "," };
        return Ok(format!("{inside}{comma} {subscription}}}"));
    }
    let entries = context.entries(node)?;
    let values: Vec<Range> = entries.iter().map(|[_, value]| context.tree.at(*value)).collect();
    if !comments_within(context.text, at, &values).is_empty()
        || values.iter().any(|value| context.slice(*value).contains('\n'))
    {
        return Err(refuse(at, "this node would have to be written in braces and lose its comments".to_owned()));
    }
    let pairs: Vec<String> = entries
        .iter()
        .map(|[key, value]| {
            format!("{}: {}", context.slice(context.tree.at(*key)), context.slice(context.tree.at(*value)))
        })
        .collect();
    Ok(format!("{{{}, {subscription}}}", pairs.join(", ")))
}

fn subscribed(context: &Context<'_>, previous: &str) -> String {
    format!("{}: [{}]", name(context, "subscriptions"), word(context, previous))
}

fn pair(context: &Context<'_>, key: &str, value: &str) -> String {
    format!("{}: {}", name(context, key), word(context, value))
}

fn name(context: &Context<'_>, key: &str) -> String {
    if context.is_json { format!("\"{key}\"") } else { key.to_owned() }
}

/// Names of nodes need no escapes.
fn word(context: &Context<'_>, value: &str) -> String {
    if context.is_json { format!("\"{value}\"") } else { as_scalar(value) }
}
