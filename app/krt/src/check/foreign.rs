//! Recognizes other files that are sometimes mistaken for a `krt.yml`.

use super::fields::Fields;
use super::format::{has_key, workflows};
use super::key::Key;
use super::problem::{Problem, Problems};
use super::tree::{Id, Tree};
use crate::text::Range;

/// Top-level keys that only a KRT manifest has.
const OURS: [Key; 4] = [Key::KrtVersion, Key::Workflows, Key::Nodes, Key::Entrypoint];

/// Keys that together identify a kind of file; the first match counts.
const THEIRS: &[(&[&str], &str)] = &[
    (&["apiVersion", "kind"], "a Kubernetes manifest"),
    (&["apiVersion", "name", "version"], "the `Chart.yaml` of a Helm chart"),
    (&["services"], "a Docker Compose file"),
    (&["openapi"], "an OpenAPI description"),
    (&["swagger"], "an OpenAPI description"),
    (&["jobs", "on"], "a GitHub Actions workflow"),
    (&["stages"], "a GitLab CI pipeline"),
    (&["dependencies", "channels"], "a conda environment"),
    (&["dependencies", "name", "version"], "the `package.json` of a JavaScript package"),
    (&["replicaCount", "image"], "the `values.yaml` of a Helm chart"),
];

/// Whether the file is not a KRT manifest. If so, this is reported as the only problem.
pub(super) fn is_foreign(tree: &Tree<'_>, top: &Fields<'_, '_>, problems: &mut Problems) -> bool {
    if OURS.iter().any(|key| top.has(*key)) {
        return is_kai(tree, top, problems);
    }
    if let Some(at) = top.first_key().filter(|(key, _)| key.starts_with('<') && *key != "<<").map(|(_, at)| at) {
        let problem = Problem::error("manifest-foreign", at, "this is an HTML or XML page, not a KRT manifest");
        problems.push(problem.help("a server may have sent an error page instead of the file: download it again"));
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
    let message = format!("this is {name}, not a KRT manifest");
    problems.push(Problem::error("manifest-foreign", at, message).help("provide the `krt.yml` of the version"));
    true
}

/// Whether this is a manifest of KAI, the successor of KRE: its workflows have `processes` instead of what KRT runs.
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
    let message = format!("this is a KAI product manifest ({why}), not a KRT v1 or v2 manifest");
    let help = "declare the workflow's `nodes` with their `subscriptions` as in KRT v2, or deploy the file to KAI";
    Problem::error("kai-manifest", at, message).help(help)
}

/// Whether no key of the map is, or resembles, a KRT key. Reported once instead of once for each missing key.
fn has_no_key(top: &Fields<'_, '_>, problems: &mut Problems) -> bool {
    let Some((_, at)) = top.first_key() else { return false };
    if top.known().iter().any(|key| top.has(*key) || top.lookalike(*key).is_some()) {
        return false;
    }
    let problem = Problem::error("manifest-foreign", at, "not a KRT manifest: no KRT keys found");
    problems.push(problem.help("provide the `krt.yml` of the version: it begins with `version` and `description`"));
    true
}

/// Reports a list in the form used before KRT v1: its first item is a map with one of the wanted keys. Returns that
/// item, which is then read instead of the list, unless the other items have the keys that it lacks.
pub(super) fn old_list(
    tree: &Tree<'_>,
    id: Id,
    what: &str,
    wanted: &[Key],
    problems: &mut Problems,
) -> Option<Option<Id>> {
    let first = *tree.list(id)?.first()?;
    let entries = tree.map(first)?;
    // Any other list is only of the wrong type.
    if !wanted.iter().any(|key| has_key(tree, first, key.name())) {
        return None;
    }
    let at = entries.first().map_or(tree.at(first), |[key, _]| tree.at(*key));
    let at = Range { start: tree.at(id).start, end: at.end };
    let message = format!("{what} is a list here, as it was before KRT v1");
    let help = "write a map: remove the `- ` and indent all its keys equally";
    problems.push(Problem::error("manifest-old", at, message).help(help));
    let items = tree.list(id).unwrap_or_default();
    let has = |item: Id, key: &Key| has_key(tree, item, key.name());
    let is_split = wanted.iter().any(|key| !has(first, key) && items.iter().any(|item| has(*item, key)));
    Some((!is_split).then_some(first))
}
