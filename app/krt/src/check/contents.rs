//! Contents to manifest: applies the rules to contents that do not come from text, such as those of a stored manifest,
//! in time linear in their size.

use super::distinct::are_distinct;
use super::draft::{Draft, DraftNode, DraftStore, DraftWorkflow, Text};
use super::problem::Problems;
use super::rules;
use crate::manifest::{Contents, FileName, Format, InvalidManifest, Manifest, Node, VariableName, Workflow};
use crate::text::{Range, quote};

impl TryFrom<Contents> for Manifest {
    type Error = InvalidManifest;

    fn try_from(contents: Contents) -> Result<Manifest, InvalidManifest> {
        match fault(&contents) {
            Some(why) => Err(InvalidManifest(why)),
            None => Ok(Manifest::of_checked(contents)),
        }
    }
}

/// The first error in contents; `None` if they are those of a manifest.
pub(super) fn fault(contents: &Contents) -> Option<String> {
    let nodes = || contents.workflows.iter().flat_map(|workflow| &workflow.nodes);
    let subscriptions: Vec<String> = nodes().flat_map(|node| &node.subscriptions).map(ToString::to_string).collect();
    let lists = lacking(contents).or_else(|| repeated(contents, &subscriptions));
    if lists.is_some() {
        return lists;
    }
    let mut problems = Problems::default();
    let draft = draft(contents, &subscriptions);
    rules::values(&draft, &mut problems);
    // Nodes are inside their workflows, as in v2, whatever the manifest was written in.
    rules::together(&Draft { format: Format::V2, ..draft }, &mut problems);
    problems.first_error().map(str::to_owned)
}

/// A list without items, which reading a text reports.
fn lacking(contents: &Contents) -> Option<String> {
    if contents.workflows.is_empty() {
        return Some("the manifest has no workflows".to_owned());
    }
    contents.workflows.iter().find_map(|workflow| {
        let without = |node: &&Node| node.subscriptions.is_empty();
        match workflow.nodes.iter().find(without) {
            Some(node) => Some(format!("node {} has no subscriptions", quote(&node.name))),
            None if workflow.nodes.is_empty() => Some(format!("workflow {} has no nodes", quote(&workflow.name))),
            None => None,
        }
    })
}

/// A list with an item that comes again, which is left out when a text is read.
fn repeated(contents: &Contents, subscriptions: &[String]) -> Option<String> {
    let Contents { config, workflows, .. } = contents;
    if !are_distinct(config.variables.iter().map(VariableName::as_str)) {
        return Some("a variable is listed twice".to_owned());
    }
    if !are_distinct(config.files.iter().map(FileName::as_str)) {
        return Some("a file is listed twice".to_owned());
    }
    let mut rest = subscriptions;
    let mut nodes = workflows.iter().flat_map(|workflow| &workflow.nodes);
    let twice = nodes.find(|node| {
        let (own, others) = rest.split_at(node.subscriptions.len());
        rest = others;
        !are_distinct(own.iter().map(String::as_str))
    });
    twice.map(|node| format!("node {} has a subscription twice", quote(&node.name)))
}

/// The draft that reading these contents from a text would yield, without positions.
fn draft<'c>(contents: &'c Contents, subscriptions: &'c [String]) -> Draft<'c> {
    let mut subscriptions = subscriptions.iter();
    Draft {
        format: contents.format,
        version: Some(text(&contents.version)),
        description: Some(text(&contents.description)),
        proto: Some(text(&contents.entrypoint.proto)),
        image: Some(text(&contents.entrypoint.image)),
        variables: contents.config.variables.iter().map(|name| text(name)).collect(),
        files: contents.config.files.iter().map(|name| text(name)).collect(),
        nodes: Vec::new(),
        workflows: contents.workflows.iter().map(|flow| workflow(flow, &mut subscriptions)).collect(),
    }
}

fn workflow<'c>(workflow: &'c Workflow, subscriptions: &mut impl Iterator<Item = &'c String>) -> DraftWorkflow<'c> {
    DraftWorkflow {
        head: Range::default(),
        name: Some(text(&workflow.name)),
        entrypoint: Some(text(&workflow.entrypoint)),
        exitpoint: Some(text(&workflow.exitpoint)),
        nodes: workflow.nodes.iter().map(|one| node(one, subscriptions)).collect(),
        sequential: Vec::new(),
        all_named: true,
        is_complete: true,
    }
}

fn node<'c>(node: &'c Node, subscriptions: &mut impl Iterator<Item = &'c String>) -> DraftNode<'c> {
    DraftNode {
        head: Range::default(),
        name: Some(text(&node.name)),
        image: Some(text(&node.image)),
        src: Some(text(&node.src)),
        gpu: node.gpu,
        replicas: node.replicas,
        subscriptions: subscriptions.take(node.subscriptions.len()).map(|name| text(name)).collect(),
        object_store: node
            .object_store
            .as_ref()
            .map(|store| DraftStore { name: text(&store.name), scope: store.scope }),
    }
}

fn text(value: &str) -> Text<'_> {
    Text { value, at: Range::default() }
}
