//! What each code means: why the rule is there and where it comes from, a wrong and a right example, how to mend. Asked for by the
//! server and the command line; nothing in the browser's half calls it, so that it is no part of what is downloaded.
//!
//! The pages are the files in `app/krt/rules`, one for each code, and their examples are the fixtures of
//! `tests/rules`: what a page shows is what the check says.

mod pages;

use crate::rules::{self, Rule};
use pages::PAGES;

/// The page of one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub code: &'static str,
    /// Why the rule is there, and why it refuses or only warns; a few sentences with `code` between backticks.
    pub why: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
    pub wrong: Example,
    pub right: Example,
    /// What to do about it.
    pub fix: &'static str,
}

/// A manifest or package as an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    pub kind: ExampleKind,
    pub text: &'static str,
    /// The text at fault, or the path of the member at fault; empty when it is the whole.
    pub at: &'static str,
}

/// How an example is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExampleKind {
    /// A manifest, as it is.
    Manifest,
    /// A manifest in which `\u{1b}` and `\x{fc}` stand for a character and a byte that cannot be shown.
    Escaped,
    /// The members of a package, one a line: folders end in `/`, links have an arrow, a content follows a colon.
    Package,
}

/// Every code that has a page, in alphabetical order.
pub fn codes() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|(code, _)| *code)
}

/// The page of a code.
pub fn page(code: &str) -> Option<Page> {
    let at = PAGES.binary_search_by_key(&code, |(code, _)| code).ok()?;
    let (code, text) = PAGES[at];
    read(code, text)
}

/// Codes that were perhaps meant by one that does not exist: spelled nearly so, or of the same area.
pub fn near(code: &str) -> Vec<&'static str> {
    let lower = code.trim().to_ascii_lowercase();
    let area = |code: &str| code.split('-').next().unwrap_or_default().to_owned();
    let mut near: Vec<_> = crate::check::closest(&lower, codes()).into_iter().collect();
    let rest: Vec<_> = codes().filter(|other| area(other) == area(&lower) && !near.contains(other)).collect();
    near.extend(rest);
    near
}

/// The rules in whose code, title or page all of these words are, upper case or lower; without a word, all rules.
pub fn search(words: &str) -> Vec<&'static Rule> {
    let lower = words.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let has_all = |rule: &Rule| {
        let page = page(rule.code);
        let analysis = page.map_or_else(String::new, |page| [page.why, page.fix].join(" "));
        // What is code there is searched for without its backticks.
        let all = [rule.code, rule.area.title(), rule.title, &analysis].join(" ").to_lowercase().replace('`', "");
        words.iter().all(|word| all.contains(word))
    };
    rules::ALL.iter().filter(|rule| has_all(rule)).collect()
}

/// Takes a page apart; `None` when it is not in the form that all of them have.
fn read(code: &'static str, text: &'static str) -> Option<Page> {
    let (why, rest) = text.split_once("\n\nSource: ")?;
    let (source, rest) = rest.split_once("\n\n## Wrong")?;
    let (wrong, rest) = rest.split_once("\n\n## Right\n\n")?;
    let (right, fix) = rest.split_once("\n\n## Fix\n\n")?;
    let (at, wrong) = wrong.split_once("\n\n")?;
    let at = at.strip_prefix(": `").and_then(|at| at.strip_suffix('`')).unwrap_or(at);
    let (wrong, right) = (example(wrong, at)?, example(right, "")?);
    Some(Page { code, why, source, wrong, right, fix: fix.trim_end() })
}

/// A fenced block.
fn example(block: &'static str, at: &'static str) -> Option<Example> {
    let (info, text) = block.strip_prefix("```")?.split_once('\n')?;
    let kind = match info {
        "yaml" => ExampleKind::Manifest,
        "yaml escaped" => ExampleKind::Escaped,
        "package" => ExampleKind::Package,
        _ => return None,
    };
    Some(Example { kind, text: text.strip_suffix("```")?, at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_in_the_form_that_all_of_them_have() {
        for code in codes() {
            let page = page(code).unwrap_or_else(|| panic!("rules/{code}.md is not in the form of the others"));
            for (part, text) in [("why", page.why), ("source", page.source), ("mend", page.fix)] {
                assert!(!text.trim().is_empty() && text.ends_with('.'), "{part} of {code}: {text:?}");
            }
            assert!(page.wrong.text.ends_with('\n') && page.right.text.ends_with('\n'), "{code}");
            assert_ne!(page.wrong.text, page.right.text, "{code}");
        }
    }

    #[test]
    fn a_code_that_does_not_exist_leads_to_near_ones() {
        assert!(page("subscription-unknwon").is_none());
        assert_eq!(near("Subscription-Unknwon")[0], "subscription-unknown");
        assert!(near("package-bomb").contains(&"package-ratio"));
        assert!(near("nonsense").is_empty());
    }
}
