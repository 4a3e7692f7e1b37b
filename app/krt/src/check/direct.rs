//! Straight from text to draft: reads a plainly written, well-formed KRT v2 manifest in one pass, without building the
//! tree of values, which takes most of the time of a check.
//!
//! Returns `None` for anything else, down to a number where text is expected: then [`super::tree`] and [`super::read`]
//! read the manifest and report what is wrong. Both ways yield the same draft; builds with debug assertions, the tests
//! and the fuzz targets compare them.

mod lines;
#[cfg(test)]
mod tests;

use smallvec::SmallVec;

use super::draft::{Draft, DraftNode, DraftStore, DraftWorkflow};
use super::key::Key;
use super::nodes::MANY_REPLICAS;
use super::problem::Problems;
use super::{syntax, tree};
use crate::manifest::{Format, ObjectStoreScope, Replicas};
use crate::text::{Meaning, Places};
use lines::Lines;

/// The draft of a well-formed manifest.
pub(super) fn read(text: &str) -> Option<Draft<'_>> {
    let mut lines = Lines::of(text)?;
    let mut draft = Draft {
        format: Format::V2,
        version: None,
        description: None,
        proto: None,
        image: None,
        variables: Vec::new(),
        files: Vec::new(),
        nodes: Vec::new(),
        workflows: Vec::new(),
    };
    let mut format = None;
    lines.map(0, |lines, key| {
        match key {
            Key::KrtVersion => lines.text(&mut format)?,
            Key::Version => lines.text(&mut draft.version)?,
            Key::Description => lines.text(&mut draft.description)?,
            Key::Entrypoint => entrypoint(lines, &mut draft)?,
            Key::Config => config(lines, &mut draft)?,
            Key::Workflows => lines.list(|lines, column| {
                // Reserve as many nodes as the previous workflow has, instead of growing repeatedly.
                let nodes = Vec::with_capacity(draft.workflows.last().map_or(0, |last| last.nodes.len()));
                draft.workflows.push(workflow(lines, column, nodes)?);
                Some(())
            })?,
            _ => return None,
        }
        Some(())
    })?;
    let Draft { version, description, proto, image, workflows, .. } = &draft;
    let is_v2 = format.is_some_and(|format| format.value == "v2");
    let is_complete = is_v2 && version.is_some() && description.is_some() && proto.is_some() && image.is_some();
    (is_complete && !workflows.is_empty() && lines.is_at_end()).then_some(draft)
}

/// Whether the tree yields the same draft. Tests and fuzz targets call this for every text that is read directly.
pub(super) fn is_read_alike(draft: &Draft<'_>, text: &str, places: &Places<'_>) -> bool {
    let mut problems = Problems::default();
    syntax::directives(text, &mut problems);
    let Ok(tree) = tree::parse(text, places) else { return false };
    tree::duplicate_keys(&tree, &mut problems);
    let read = super::read::read(&tree, &mut problems);
    // Compared as debug output: the two drafts borrow from different texts.
    problems.count() == 0 && read.is_some_and(|read| format!("{read:?}") == format!("{draft:?}"))
}

fn entrypoint<'t>(lines: &mut Lines<'t>, draft: &mut Draft<'t>) -> Option<()> {
    let column = lines.below()?;
    lines.map(column, |lines, key| {
        match key {
            Key::Proto => lines.text(&mut draft.proto)?,
            Key::Image => lines.text(&mut draft.image)?,
            _ => return None,
        }
        Some(())
    })?;
    Some(())
}

fn config<'t>(lines: &mut Lines<'t>, draft: &mut Draft<'t>) -> Option<()> {
    let column = lines.below()?;
    lines.map(column, |lines, key| {
        match key {
            Key::Variables => lines.texts(|name| draft.variables.push(name))?,
            Key::Files => lines.texts(|name| draft.files.push(name))?,
            _ => return None,
        }
        Some(())
    })?;
    Some(())
}

fn workflow<'t>(lines: &mut Lines<'t>, column: usize, mut nodes: Vec<DraftNode<'t>>) -> Option<DraftWorkflow<'t>> {
    let (mut name, mut entrypoint, mut exitpoint) = (None, None, None);
    let head = lines.map(column, |lines, key| {
        match key {
            Key::Name => lines.text(&mut name)?,
            Key::Entrypoint => lines.text(&mut entrypoint)?,
            Key::Exitpoint => lines.text(&mut exitpoint)?,
            Key::Nodes => lines.list(|lines, column| node(lines, column, &mut nodes))?,
            _ => return None,
        }
        Some(())
    })?;
    let is_complete = name.is_some() && entrypoint.is_some() && exitpoint.is_some() && !nodes.is_empty();
    let sequential = Vec::new();
    is_complete.then_some(DraftWorkflow {
        head,
        name,
        entrypoint,
        exitpoint,
        nodes,
        sequential,
        all_named: true,
        is_complete,
    })
}

/// Pushes the node in place: moving a node is slower than constructing it.
fn node<'t>(lines: &mut Lines<'t>, column: usize, nodes: &mut Vec<DraftNode<'t>>) -> Option<()> {
    let (mut name, mut image, mut src) = (None, None, None);
    let (mut gpu, mut replicas, mut subscriptions, mut object_store) =
        (false, Replicas::default(), SmallVec::new(), None);
    let head = lines.map(column, |lines, key| {
        match key {
            Key::Name => lines.text(&mut name)?,
            Key::Image => lines.text(&mut image)?,
            Key::Src => lines.text(&mut src)?,
            Key::Subscriptions => lines.texts(|text| subscriptions.push(text))?,
            Key::Gpu => gpu = truth(lines.meaning()?)?,
            Key::Replicas => replicas = count(lines.meaning()?)?,
            Key::ObjectStore => object_store = Some(store(lines)?),
            _ => return None,
        }
        Some(())
    })?;
    let is_complete = name.is_some() && image.is_some() && src.is_some() && !subscriptions.is_empty();
    is_complete.then(|| nodes.push(DraftNode { head, name, image, src, gpu, replicas, subscriptions, object_store }))
}

/// A boolean that needs no diagnostic.
fn truth(word: Meaning) -> Option<bool> {
    if let Meaning::Bool(value) = word { Some(value) } else { None }
}

/// A number of replicas that needs no diagnostic.
fn count(number: Meaning) -> Option<Replicas> {
    let Meaning::Int(number) = number else { return None };
    let number = i32::try_from(number).ok().filter(|number| *number <= MANY_REPLICAS)?;
    Replicas::new(number).ok()
}

fn store<'t>(lines: &mut Lines<'t>) -> Option<DraftStore<'t>> {
    let (mut name, mut scope) = (None, None);
    let column = lines.below()?;
    lines.map(column, |lines, key| {
        match key {
            Key::Name => lines.text(&mut name)?,
            Key::Scope => {
                let mut word = None;
                lines.text(&mut word)?;
                scope = Some(match word?.value {
                    "workflow" => ObjectStoreScope::Workflow,
                    "project" => ObjectStoreScope::Project,
                    _ => return None,
                });
            }
            _ => return None,
        }
        Some(())
    })?;
    Some(DraftStore { name: name?, scope: scope? })
}
