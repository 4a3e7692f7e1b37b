//! Which file of a crate uses which other one, read from `use` and from paths in the code. Names are followed through
//! other files' `use` to the file that defines them. Methods, and what macros write, are not seen.

use std::collections::{BTreeMap, BTreeSet};

/// A module by the names from the crate's root to it.
type Module = Vec<String>;

/// The files of one crate and what they use of each other.
pub struct Imports {
    files: BTreeMap<Module, File>,
}

struct File {
    path: String,
    tokens: Vec<String>,
    /// Names that this module imports, where from; others may reach them through it.
    imported: BTreeMap<String, Module>,
}

/// A name may be imported through several modules; through more than these, it is imported in a circle.
const MOST_IMPORTS: usize = 8;

impl Imports {
    /// `sources`: path below the crate's `src` folder, and content without tests and comments.
    pub fn of(sources: impl IntoIterator<Item = (String, String)>) -> Imports {
        let mut files = BTreeMap::new();
        for (path, content) in sources {
            let mut module: Module =
                path.trim_end_matches(".rs").split('/').map(str::to_owned).filter(|name| name != "mod").collect();
            if module == ["lib"] || module == ["main"] {
                module.clear();
            }
            files.insert(module, File { path, tokens: tokens(&content), imported: BTreeMap::new() });
        }
        let mut imports = Imports { files };
        let modules: Vec<Module> = imports.files.keys().cloned().collect();
        for module in modules {
            let imported = uses(&imports.files[&module].tokens)
                .into_iter()
                .filter_map(|one| Some((one.name.clone(), imports.absolute(&module, &one.path)?)))
                .collect();
            imports.files.get_mut(&module).expect("it was there").imported = imported;
        }
        imports
    }

    /// Every pair of files of which the first uses the second, with the names that it takes from there. What a module
    /// uses of those that it is part of is left out: they are one thing in several files.
    pub fn arrows(&self) -> BTreeMap<(&str, &str), BTreeSet<String>> {
        let mut arrows: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
        for (module, file) in &self.files {
            let used = uses(&file.tokens).into_iter().map(|one| one.path).chain(paths(&file.tokens));
            for path in used {
                let Some(path) = self.absolute(module, &path) else { continue };
                // A module that is imported is used where a path begins with its name.
                if self.files.contains_key(&path) {
                    continue;
                }
                let Some(target) = self.definition(path.clone()) else { continue };
                let other = &self.files[&target].path;
                if !module.starts_with(&target) {
                    let name = path.last().cloned().unwrap_or_default();
                    arrows.entry((&file.path, other)).or_default().insert(name);
                }
            }
        }
        arrows
    }

    /// The path from the crate's root; `None`: it leads to another crate.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        let mut whole = match first.as_str() {
            "crate" => Vec::new(),
            "self" => module.clone(),
            "super" => module[..module.len().checked_sub(1)?].to_vec(),
            name => {
                let mut child = module.clone();
                child.push(name.to_owned());
                match self.files.contains_key(&child) {
                    true => child,
                    false => self.files.get(module)?.imported.get(name)?.clone(),
                }
            }
        };
        for name in rest {
            match name.as_str() {
                "super" => drop(whole.pop()?),
                "self" => {}
                name => whole.push(name.to_owned()),
            }
        }
        Some(whole)
    }

    /// The module whose file defines what the path names.
    fn definition(&self, mut path: Module) -> Option<Module> {
        for _ in 0..MOST_IMPORTS {
            let depth = (0..=path.len()).rev().find(|depth| self.files.contains_key(&path[..*depth]))?;
            let module = path[..depth].to_vec();
            let Some(name) = path.get(depth) else { return Some(module) };
            let Some(source) = self.files[&module].imported.get(name) else { return Some(module) };
            let mut next = source.clone();
            next.extend_from_slice(&path[depth + 1..]);
            path = next;
        }
        None
    }
}

struct Use {
    /// The name under which it is known in this module.
    name: String,
    path: Vec<String>,
}

/// What the `use` declarations of a file name, one by one.
fn uses(tokens: &[String]) -> Vec<Use> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_use(tokens, at) {
            at = tree(tokens, at + 1, &mut Vec::new(), &mut found);
        }
        at += 1;
    }
    found
}

/// Reads one branch of a `use` and answers where it ends.
fn tree(tokens: &[String], mut at: usize, prefix: &mut Vec<String>, found: &mut Vec<Use>) -> usize {
    let depth = prefix.len();
    let mut name = None;
    loop {
        match tokens.get(at).map(String::as_str) {
            Some("::") => {}
            Some("as") => {
                name = tokens.get(at + 1).cloned();
                at += 1;
            }
            Some("{") => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token != "}") {
                    at = tree(tokens, at, prefix, found);
                    if tokens.get(at).is_some_and(|token| token == ",") {
                        at += 1;
                    }
                }
                prefix.truncate(depth);
                return at + 1;
            }
            Some("," | "}" | ";") | None => break,
            Some(word) => prefix.push(word.to_owned()),
        }
        at += 1;
    }
    if prefix.len() > depth {
        if prefix.last().is_some_and(|last| last == "self") {
            prefix.pop();
        }
        let name = name.or_else(|| prefix.last().cloned()).unwrap_or_default();
        found.push(Use { name, path: prefix.clone() });
    }
    prefix.truncate(depth);
    at
}

/// Paths in the code itself: `crate::…`, `super::…`, and what begins with a module's name.
fn paths(tokens: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_use(tokens, at) {
            at += tokens[at..].iter().position(|token| token == ";").expect("a use ends");
        }
        // Behind `in` stands who may see something.
        let begins = is_word(&tokens[at]) && (at == 0 || !["::", ".", "in"].contains(&tokens[at - 1].as_str()));
        if begins && tokens.get(at + 1).is_some_and(|token| token == "::") {
            let mut path = vec![tokens[at].clone()];
            while tokens.get(at + 1).is_some_and(|token| token == "::")
                && tokens.get(at + 2).is_some_and(|t| is_word(t))
            {
                path.push(tokens[at + 2].clone());
                at += 2;
            }
            found.push(path);
        }
        at += 1;
    }
    found
}

/// Not the captures of an `impl Trait + use<…>`.
fn is_use(tokens: &[String], at: usize) -> bool {
    tokens[at] == "use" && tokens.get(at + 1).is_some_and(|next| next != "<")
}

fn is_word(token: &str) -> bool {
    token.starts_with(|character: char| character.is_alphabetic() || character == '_')
}

/// Words, `::` and single signs; what stands in quotes is left out.
fn tokens(content: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = content;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            'r' if rest.starts_with("r#\"") => rest[3..].find("\"#").map_or(rest.len(), |end| end + 5),
            '"' => quoted(rest),
            // A character, not a lifetime.
            '\'' if rest[1..].starts_with('\\') => rest[2..].find('\'').map_or(1, |end| end + 3),
            '\'' if rest.chars().nth(2) == Some('\'') => rest.char_indices().nth(3).map_or(rest.len(), |(at, _)| at),
            ':' if rest.starts_with("::") => {
                tokens.push("::".to_owned());
                2
            }
            first if first.is_alphanumeric() || first == '_' => {
                let end = rest.find(|character: char| !character.is_alphanumeric() && character != '_');
                let word = &rest[..end.unwrap_or(rest.len())];
                tokens.push(word.to_owned());
                word.len()
            }
            first => {
                if !first.is_whitespace() {
                    tokens.push(first.to_string());
                }
                first.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    tokens
}

/// How long the string is that begins here.
fn quoted(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            '\\' if !is_escaped => is_escaped = true,
            '"' if !is_escaped => return at + 1,
            _ => is_escaped = false,
        }
    }
    text.len()
}

/// The files that lead back to themselves, each circle sorted.
pub fn circles<'a>(arrows: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<Vec<&'a str>> {
    let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, to) in arrows {
        next.entry(from).or_default().insert(to);
    }
    let reached: BTreeMap<&str, BTreeSet<&str>> = next.keys().map(|from| (*from, reach(&next, from))).collect();
    let mut circles: BTreeSet<Vec<&str>> = BTreeSet::new();
    for (from, all) in &reached {
        if all.contains(from) {
            circles.insert(
                all.iter().filter(|to| reached.get(*to).is_some_and(|back| back.contains(from))).copied().collect(),
            );
        }
    }
    circles.into_iter().collect()
}

fn reach<'a>(next: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = next.get(from).into_iter().flatten().copied().collect();
    while let Some(file) = open.pop() {
        if reached.insert(file) {
            open.extend(next.get(file).into_iter().flatten());
        }
    }
    reached
}

#[test]
fn names_are_followed_to_their_files() {
    let sources = [
        ("lib.rs", "pub mod a; mod b;"),
        ("a.rs", "mod inner; pub use inner::Thing; use crate::b::{self, other as renamed};"),
        (
            "a/inner.rs",
            "use super::{Helper, super::b}; fn f() { b::g() } use serde::Serialize; const TEXT: &str = \"crate::nothing\";",
        ),
        ("b.rs", "fn f() -> crate::a::Thing { 'x'; super::a::g() }"),
    ];
    let imports = Imports::of(sources.map(|(path, content)| (path.to_owned(), content.to_owned())));
    let arrows = imports.arrows();
    let pairs: Vec<_> = arrows.keys().copied().collect();
    let expected =
        [("a.rs", "a/inner.rs"), ("a.rs", "b.rs"), ("a/inner.rs", "b.rs"), ("b.rs", "a.rs"), ("b.rs", "a/inner.rs")];
    assert_eq!(pairs, expected);
    assert_eq!(circles(pairs.iter().copied()), [vec!["a.rs", "a/inner.rs", "b.rs"]]);
}
