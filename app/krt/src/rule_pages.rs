//! What each code means: the reason and source of the rule, a wrong and a right example, how to fix the problem. Only
//! the server and the command line use this module; browser code must not, so that the pages stay out of the download.
//!
//! The pages are the files in `app/krt/rules`, one per code. Their examples are the fixtures of `tests/rules`, so that
//! a page shows what the check reports.

mod pages;

use crate::rules::{self, Rule};
use pages::PAGES;

/// The page for one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub code: &'static str,
    /// Why the rule exists, and why it is an error or only a warning; a few sentences with `code` in backticks.
    pub why: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
    pub wrong: Example,
    pub right: Example,
    /// How to fix the problem.
    pub fix: &'static str,
}

/// A manifest or package as an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    pub kind: ExampleKind,
    pub text: &'static str,
    /// The text or the path of the member at fault; empty when the whole example is at fault.
    pub at: &'static str,
}

/// The notation of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExampleKind {
    /// A manifest, verbatim.
    Manifest,
    /// A manifest in which `\u{1b}` and `\x{fc}` stand for a character and a byte that cannot be displayed.
    Escaped,
    /// The members of a package, one per line: folders end in `/`, links have an arrow, contents follow a colon.
    Package,
}

/// Returns every code that has a page, in alphabetical order.
pub fn codes() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|(code, _)| *code)
}

/// Returns the page of a code; `None` when the code does not exist.
pub fn page(code: &str) -> Option<Page> {
    let at = PAGES.binary_search_by_key(&code, |(code, _)| code).ok()?;
    let (code, text) = PAGES[at];
    read(code, text)
}

/// Returns suggestions for a code that does not exist: a similar spelling first, then codes of the same area.
pub fn near(code: &str) -> Vec<&'static str> {
    let lower = code.trim().to_ascii_lowercase();
    let area = |code: &str| code.split('-').next().unwrap_or_default().to_owned();
    let mut near: Vec<_> = crate::text::closest(&lower, codes()).into_iter().collect();
    let rest: Vec<_> = codes().filter(|other| area(other) == area(&lower) && !near.contains(other)).collect();
    near.extend(rest);
    near
}

/// Returns the rules whose code, title or page contains all of these words, ignoring case; all rules for no words.
pub fn search(words: &str) -> Vec<&'static Rule> {
    let lower = words.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let has_all = |rule: &Rule| {
        let page = page(rule.code);
        let page_text = page.map_or_else(String::new, |page| [page.why, page.fix].join(" "));
        // Searched without backticks, as people type it.
        let all = [rule.code, rule.area.title(), rule.title, &page_text].join(" ").to_lowercase().replace('`', "");
        words.iter().all(|word| all.contains(word))
    };
    rules::ALL.iter().filter(|rule| has_all(rule)).collect()
}

/// Parses a page; `None` when it does not have the common structure.
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

/// Parses a fenced block.
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
    fn every_page_has_the_common_structure() {
        for code in codes() {
            let page = page(code).unwrap_or_else(|| panic!("rules/{code}.md does not have the common structure"));
            for (part, text) in [("why", page.why), ("source", page.source), ("fix", page.fix)] {
                assert!(!text.trim().is_empty() && text.ends_with('.'), "{part} of {code}: {text:?}");
            }
            assert!(page.wrong.text.ends_with('\n') && page.right.text.ends_with('\n'), "{code}");
            assert_ne!(page.wrong.text, page.right.text, "{code}");
        }
    }

    #[test]
    fn an_unknown_code_leads_to_similar_ones() {
        assert!(page("subscription-unknwon").is_none());
        assert_eq!(near("Subscription-Unknwon")[0], "subscription-unknown");
        assert!(near("package-bomb").contains(&"package-ratio"));
        assert!(near("nonsense").is_empty());
    }
}
