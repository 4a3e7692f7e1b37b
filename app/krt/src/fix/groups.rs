//! Which fixes may be proven together: those whose changes no rule reads together, so that the result for all of them
//! holds for each one.
//!
//! Applied together, one fix could hide an effect of another: the first makes a name clash, the second renames the
//! other side. That requires a rule that reads both changes. So each fix is classified by how far its change is read,
//! and only fixes that no rule reads together share a group. Its rule says how far: [`FixReach`].

use crate::diagnostic::{Diagnostic, Fix};
use crate::rules::{FixReach, fix_reach};

/// The fix with index `.1` of the diagnostic with index `.0`.
pub(crate) type Candidate = (usize, usize);

/// Which rules read the change of a fix.
#[derive(Clone, Debug, PartialEq)]
enum Reach {
    /// Rules that read only this one value or entry.
    Value,
    /// Rules of the workflow with this number.
    Workflow(usize),
    /// The same for an unknown subscription. While there is a second one, the rules of the whole graph are not applied.
    /// What remains are the names of consumers, made of a node's name and the subscription (before, after).
    Subscription(usize, [String; 2]),
    /// Any rule.
    Whole,
}

/// The most fixes in one group: each is compared with all others.
const MOST: usize = 250;

/// Keys whose mere presence has a meaning, even where they are unknown: they decide the format or the kind of file.
const STRUCTURE: &[&str] = &["nodes", "sequential", "exitpoint", "processes", "krtVersion"];

/// A fix with the data that decides which fixes it can be grouped with.
struct Member {
    candidate: Candidate,
    first_line: u32,
    last_line: u32,
    reach: Reach,
}

/// All fixes, in groups that may be proven together, the largest first. `workflows` are the offsets where the workflows
/// begin; if they are unknown, each fix is proven alone.
pub(crate) fn of(text: &str, found: &[Diagnostic], workflows: Option<&[u32]>) -> Vec<Vec<Candidate>> {
    let workflows = workflows.filter(|workflows| is_straight(text, found) && workflows.is_sorted());
    let mut members: Vec<Member> = Vec::new();
    for (at, diagnostic) in found.iter().enumerate() {
        members.extend(diagnostic.fixes.iter().enumerate().map(|(number, fix)| {
            let reach = workflows.map_or(Reach::Whole, |workflows| reach(text, diagnostic, fix, workflows));
            let lines = |of: fn(&crate::diagnostic::Span) -> u32| fix.edits.iter().map(move |edit| of(&edit.span));
            let first_line = lines(|span| span.line).min().unwrap_or_default();
            let last_line = lines(|span| span.end_line).max().unwrap_or_default();
            Member { candidate: (at, number), first_line, last_line, reach }
        }));
    }
    let (mut alone, mut others): (Vec<Member>, Vec<Member>) =
        members.into_iter().partition(|one| one.reach == Reach::Whole);
    // Fixes of YAML errors come first: these errors keep the rest from being read.
    alone.sort_by_key(|member| !found[member.candidate.0].code.starts_with("yaml-"));
    // Sorted by fix number, then by position: a group accepts a fix that begins after its last line.
    others.sort_by_key(|member| (member.candidate.1, member.first_line));
    let mut groups: Vec<Vec<Member>> = Vec::new();
    for member in others {
        match groups
            .iter_mut()
            .find(|group| group.len() < MOST && group.iter().rev().all(|other| go_together(other, &member)))
        {
            Some(group) => group.push(member),
            None => groups.push(vec![member]),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let groups = groups.into_iter().chain(alone.into_iter().map(|member| vec![member]));
    groups.map(|group| group.into_iter().map(|member| member.candidate).collect()).collect()
}

/// Whether each line is read independently: no syntax error affects other lines, and there are no aliases.
pub(super) fn is_straight(text: &str, found: &[Diagnostic]) -> bool {
    let is_read = |code: &str| !code.starts_with("yaml-") && !code.starts_with("manifest-");
    !text.contains(['\t', '*']) && found.iter().all(|found| is_read(&found.code))
}

/// Whether no rule reads both changes and they share no line. `other` comes later in the text.
fn go_together(one: &Member, other: &Member) -> bool {
    use Reach::{Subscription, Value, Workflow};
    one.candidate.1 == other.candidate.1
        && one.last_line < other.first_line
        && match (&one.reach, &other.reach) {
            (Value, _) | (_, Value) => true,
            (Subscription(home, one), Subscription(away, other)) => home != away || !may_clash(one, other),
            (Workflow(home) | Subscription(home, _), Workflow(away) | Subscription(away, _)) => home != away,
            _ => false,
        }
}

/// Whether two consumers could have the same name, with some node names before these subscriptions.
fn may_clash(one: &[String; 2], other: &[String; 2]) -> bool {
    let ends =
        |long: &str, short: &str| long.strip_suffix(short).is_some_and(|head| head.is_empty() || head.ends_with('-'));
    one.iter().any(|one| other.iter().any(|other| ends(one, other) || ends(other, one)))
}

fn reach(text: &str, diagnostic: &Diagnostic, fix: &Fix, workflows: &[u32]) -> Reach {
    match fix_reach(&diagnostic.code) {
        FixReach::ToValue => Reach::Value,
        FixReach::ToKey => key(text, diagnostic, fix, workflows),
        FixReach::ToSubscription => match (workflow(fix, workflows), words(text, fix)) {
            (Some(home), Some(words)) => Reach::Subscription(home, words),
            _ => Reach::Whole,
        },
        FixReach::ToWorkflow => workflow(fix, workflows).map_or(Reach::Whole, Reach::Workflow),
        FixReach::ToWhole => Reach::Whole,
    }
}

/// The reach of renaming a key, or of turning it and its value into a comment.
fn key(text: &str, diagnostic: &Diagnostic, fix: &Fix, workflows: &[u32]) -> Reach {
    let old = diagnostic.span.and_then(|span| text.get(span.start as usize..span.end as usize)).unwrap_or_default();
    if old.is_empty() || STRUCTURE.contains(&bare(old)) {
        return Reach::Whole;
    }
    // One rule reads all entries of a map: whether it is empty. That requires all of them to be removed.
    if diagnostic.code == "key-unknown" && fix.edits.iter().all(|edit| edit.text == "# ") {
        return Reach::Value;
    }
    match fix.edits.as_slice() {
        [edit] if Some(edit.span) == diagnostic.span => match bare(&edit.text) {
            "image" | "src" | "gpu" | "replicas" => Reach::Value,
            "subscriptions" | "objectStore" => workflow(fix, workflows).map_or(Reach::Whole, Reach::Workflow),
            _ => Reach::Whole,
        },
        _ => Reach::Whole,
    }
}

/// The number of the workflow that contains all edits.
fn workflow(fix: &Fix, workflows: &[u32]) -> Option<usize> {
    let number = |at: u32| workflows.partition_point(|start| *start <= at).checked_sub(1);
    let (first, last) = (fix.edits.first()?, fix.edits.last()?);
    let home = number(first.span.start)?;
    (number(last.span.end) == Some(home)).then_some(home)
}

/// The old and the new subscription, as they appear in the name of a consumer.
fn words(text: &str, fix: &Fix) -> Option<[String; 2]> {
    let [edit] = fix.edits.as_slice() else { return None };
    let old = text.get(edit.span.start as usize..edit.span.end as usize)?;
    let [old, new] = [old, &edit.text].map(bare);
    let is_word =
        |word: &str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    (is_word(old) && is_word(new)).then(|| [old, new].map(|word| word.replace('.', "-")))
}

/// The word without surrounding quotes.
fn bare(word: &str) -> &str {
    word.trim().trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests;
