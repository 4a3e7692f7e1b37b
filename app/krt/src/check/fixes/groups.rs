//! Which mends may be proven together: those that meet in no rule, so that what holds for all of them holds for each.
//!
//! Together, one mend could hide what another does: the first makes a name clash, the second renames the other side. That
//! takes a rule which reads what both of them change. So each mend is put down by how far its change is read, and only
//! those go together that nothing reads both of. What is not known here goes alone.

use crate::diagnostic::{Diagnostic, Fix};

/// The mend `.1` of the diagnostic `.0`.
pub(crate) type Candidate = (usize, usize);

/// How far that is read which a mend changes.
#[derive(Clone, Debug, PartialEq)]
enum Reach {
    /// By rules that look at this one value or entry only.
    Value,
    /// By rules of the one workflow with this number.
    Workflow(usize),
    /// The same for an unknown subscription. As long as there is a second one, the rules of the whole graph say nothing;
    /// what is left are names of consumers, made of a node's name and one of these, before and after.
    Subscription(usize, [String; 2]),
    /// By any rule.
    Whole,
}

/// The most mends of one group: each is held against all others.
const MOST: usize = 250;

/// Keys whose presence alone says something, also where they are unknown: the format, or what a file is.
const STRUCTURE: &[&str] = &["nodes", "sequential", "exitpoint", "processes", "krtVersion"];

/// A mend with what decides whom it can go with.
struct Member {
    candidate: Candidate,
    first_line: u32,
    last_line: u32,
    reach: Reach,
}

/// All mends, in groups that may be proven together; the largest first. `workflows` are the places at which they begin:
/// none known, and each mend goes alone.
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
    // What keeps the rest from being read stands first: it is mended first.
    alone.sort_by_key(|member| !found[member.candidate.0].code.starts_with("yaml-"));
    // Second mends of one problem come later, and after each other in the text: a group takes what begins behind its end.
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

/// Whether each line is read by itself: no syntax error makes others be read differently, and no alias stands for another.
pub(super) fn is_straight(text: &str, found: &[Diagnostic]) -> bool {
    let is_read = |code: &str| !code.starts_with("yaml-") && !code.starts_with("manifest-");
    !text.contains(['\t', '*']) && found.iter().all(|found| is_read(&found.code))
}

/// Whether nothing reads what both of them change: no rule, and no line of the text. The second one comes later.
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

/// Whether some names of nodes before these subscriptions would make two consumers of one name.
fn may_clash(one: &[String; 2], other: &[String; 2]) -> bool {
    let ends =
        |long: &str, short: &str| long.strip_suffix(short).is_some_and(|head| head.is_empty() || head.ends_with('-'));
    one.iter().any(|one| other.iter().any(|other| ends(one, other) || ends(other, one)))
}

fn reach(text: &str, diagnostic: &Diagnostic, fix: &Fix, workflows: &[u32]) -> Reach {
    match diagnostic.code.as_ref() {
        "gpu-form" | "gpu-word" | "replicas-form" | "replicas-fraction" | "replicas-zero" => Reach::Value,
        "image-form" | "image-upper-case" | "path-backslash" | "path-roundabout" | "src-missing" => Reach::Value,
        // In quotes it reads as before; a scope written out is the one that was meant.
        "value-not-text" | "object-store-no-scope" => Reach::Value,
        "key-unknown" | "key-missing" => key(text, diagnostic, fix, workflows),
        "subscription-unknown" => match (workflow(fix, workflows), words(text, fix)) {
            (Some(home), Some(words)) => Reach::Subscription(home, words),
            _ => Reach::Whole,
        },
        "subscription-form"
        | "subscription-entrypoint-subtopic"
        | "subscription-duplicate"
        | "exitpoint-unknown"
        | "object-store-scope" => workflow(fix, workflows).map_or(Reach::Whole, Reach::Workflow),
        _ => Reach::Whole,
    }
}

/// A key that is renamed, or becomes a comment with its value.
fn key(text: &str, diagnostic: &Diagnostic, fix: &Fix, workflows: &[u32]) -> Reach {
    let old = diagnostic.span.and_then(|span| text.get(span.start as usize..span.end as usize)).unwrap_or_default();
    if old.is_empty() || STRUCTURE.contains(&bare(old)) {
        return Reach::Whole;
    }
    // The entries of a map are read together to see whether there are any; that needs all of them to go.
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

/// The number of the workflow that all edits are in.
fn workflow(fix: &Fix, workflows: &[u32]) -> Option<usize> {
    let number = |at: u32| workflows.partition_point(|start| *start <= at).checked_sub(1);
    let (first, last) = (fix.edits.first()?, fix.edits.last()?);
    let home = number(first.span.start)?;
    (number(last.span.end) == Some(home)).then_some(home)
}

/// What a subscription is and will be, as it stands in the name of a consumer.
fn words(text: &str, fix: &Fix) -> Option<[String; 2]> {
    let [edit] = fix.edits.as_slice() else { return None };
    let old = text.get(edit.span.start as usize..edit.span.end as usize)?;
    let [old, new] = [old, &edit.text].map(bare);
    let is_word =
        |word: &str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    (is_word(old) && is_word(new)).then(|| [old, new].map(|word| word.replace('.', "-")))
}

/// Without the quotes around it.
fn bare(word: &str) -> &str {
    word.trim().trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests;
