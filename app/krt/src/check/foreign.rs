//! Files that are taken for a `krt.yml` now and then, named for what they are.

use super::fields::Fields;
use super::format::{has_key, workflows};
use super::key::Key;
use super::places::Range;
use super::problem::{Problem, Problems};
use super::tree::{Id, Tree};

/// Keys at the top that only a KRT has.
const OURS: [Key; 4] = [Key::KrtVersion, Key::Workflows, Key::Nodes, Key::Entrypoint];

/// Keys that say together what a file is; the first that fits counts.
const THEIRS: &[(&[&str], &str)] = &[
    (&["apiVersion", "kind"], "a Kubernetes manifest"),
    (&["apiVersion", "name", "version"], "the `Chart.yaml` of a Helm chart"),
    (&["services"], "a Docker Compose file"),
    (&["openapi"], "an OpenAPI description"),
    (&["swagger"], "an OpenAPI description"),
    (&["jobs", "on"], "a workflow of GitHub Actions"),
    (&["stages"], "a pipeline of GitLab"),
    (&["dependencies", "channels"], "a conda environment"),
    (&["dependencies", "name", "version"], "the `package.json` of a JavaScript package"),
    (&["replicaCount", "image"], "the `values.yaml` of a Helm chart"),
];

/// Whether this is no KRT at all, which is then the only problem.
pub(super) fn is_foreign(tree: &Tree<'_>, top: &Fields<'_, '_>, problems: &mut Problems) -> bool {
    if OURS.iter().any(|key| top.has(*key)) {
        return is_kai(tree, top, problems);
    }
    if let Some(at) = top.first_key().filter(|(key, _)| key.starts_with('<') && *key != "<<").map(|(_, at)| at) {
        let problem = Problem::error("manifest-foreign", at, "this is a page of HTML or XML, no KRT manifest");
        problems.push(problem.help("it may be what a server said instead of the file: fetch it again"));
        return true;
    }
    if let Some(at) = top.word_at("processes") {
        problems.push(kai(at, "it has `processes`"));
        return true;
    }
    let Some((keys, name)) = THEIRS.iter().find(|(keys, _)| keys.iter().all(|key| top.word_at(key).is_some())) else {
        return has_no_key(top, problems);
    };
    let at = top.word_at(keys[0]).unwrap_or(top.head);
    let message = format!("this is {name}, no KRT manifest");
    problems.push(Problem::error("manifest-foreign", at, message).help("give the `krt.yml` of the version"));
    true
}

/// A manifest of KAI, the platform that came after KRE: its workflows have `processes`, and nothing that runs in a KRT.
fn is_kai(tree: &Tree<'_>, top: &Fields<'_, '_>, problems: &mut Problems) -> bool {
    let runs = |workflow: Id| ["nodes", "sequential"].iter().any(|key| has_key(tree, workflow, key));
    let workflow = workflows(tree, top).find(|workflow| has_key(tree, *workflow, "processes") && !runs(*workflow));
    let Some(entries) = workflow.and_then(|workflow| tree.map(workflow)) else { return false };
    let is_processes = |key: Id| tree.word(key) == Some("processes");
    let at = entries.iter().find(|[key, _]| is_processes(*key)).map_or(top.head, |[key, _]| tree.at(*key));
    problems.push(kai(at, "its workflows have `processes`"));
    true
}

fn kai(at: Range, why: &str) -> Problem {
    let message = format!("this is a KAI product manifest ({why}), no KRT of format v1 or v2");
    let help =
        "declare the workflow's `nodes` with their `subscriptions` as KRT v2 has them, or deploy the file to KAI";
    Problem::error("kai-manifest", at, message).help(help)
}

/// A map in which no key is one of a KRT, or nearly: told once, not for each key that is missing.
fn has_no_key(top: &Fields<'_, '_>, problems: &mut Problems) -> bool {
    let Some((_, at)) = top.first_key() else { return false };
    if top.known().iter().any(|key| top.has(*key) || top.lookalike(*key).is_some()) {
        return false;
    }
    let problem = Problem::error("manifest-foreign", at, "this is no KRT manifest: it has none of the keys of one");
    problems.push(problem.help("give the `krt.yml` of the version: it begins with `version` and `description`"));
    true
}

/// The list in whose items something stood before KRT v1: a map with one of these keys is its first. Says so, and gives
/// that, which is read on unless the other items have what is missing in it.
pub(super) fn old_list(
    tree: &Tree<'_>,
    id: Id,
    what: &str,
    wanted: &[Key],
    problems: &mut Problems,
) -> Option<Option<Id>> {
    let first = *tree.list(id)?.first()?;
    let entries = tree.map(first)?;
    // A list of anything else is just of the wrong type.
    if !wanted.iter().any(|key| has_key(tree, first, key.name())) {
        return None;
    }
    let at = entries.first().map_or(tree.at(first), |[key, _]| tree.at(*key));
    let at = Range { start: tree.at(id).start, end: at.end };
    let message = format!("{what} is a list here, as it was before KRT v1");
    let help = "write a map: take away the `- `, and indent its keys alike";
    problems.push(Problem::error("manifest-old", at, message).help(help));
    let items = tree.list(id).unwrap_or_default();
    let has = |item: Id, key: &Key| has_key(tree, item, key.name());
    let is_split = wanted.iter().any(|key| !has(first, key) && items.iter().any(|item| has(*item, key)));
    Some((!is_split).then_some(first))
}
