//! Diagnostics as SARIF 2.1.0, which code hosts and editors read.

use std::collections::BTreeMap;
use std::io::{self, Write};

use krt::diagnostic::{Diagnostic, Fix, Severity, Span};
use krt::rules::{self, Rule};
use serde_json::{Value, json};

use super::input::{CheckedInput, Place};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// One run over all inputs.
pub(super) struct Run<'a> {
    public_url: Option<&'a str>,
    artifacts: Vec<Value>,
    /// Index in `rules` of each violated rule, by code.
    numbers: BTreeMap<String, usize>,
    rules: Vec<Value>,
    results: Vec<Value>,
    is_complete: bool,
}

impl<'a> Run<'a> {
    pub(super) fn new(public_url: Option<&'a str>) -> Run<'a> {
        let (artifacts, numbers, rules, results) = Default::default();
        Run { public_url, artifacts, numbers, rules, results, is_complete: true }
    }

    pub(super) fn add(&mut self, checked: &CheckedInput) {
        self.is_complete &= checked.unreadable().is_none();
        let file = self.artifact(json!({"location": {"uri": uri(&checked.name)}}));
        let manifest = match &checked.manifest {
            Place::File(path) if *path == checked.name => file.clone(),
            Place::File(path) => self.artifact(json!({"location": {"uri": uri(path)}})),
            // A file in the package is an artifact inside another (section 3.24.2); paths start at the package's root.
            Place::Member(path) => {
                let location = json!({"uri": uri(&format!("/{path}"))});
                self.artifact(json!({"location": location, "parentIndex": file["index"]}))
            }
        };
        for diagnostic in &checked.report.diagnostics {
            let number = self.number(&diagnostic.code);
            self.results.push(result(diagnostic, number, &file, &manifest));
        }
    }

    /// Adds an artifact and returns a reference to it.
    fn artifact(&mut self, artifact: Value) -> Value {
        let location = json!({"uri": artifact["location"]["uri"], "index": self.artifacts.len()});
        self.artifacts.push(artifact);
        location
    }

    fn number(&mut self, code: &str) -> usize {
        if let Some(number) = self.numbers.get(code) {
            return *number;
        }
        let number = self.rules.len();
        self.numbers.insert(code.to_owned(), number);
        self.rules.push(rule(code, self.public_url));
        number
    }

    pub(super) fn write(self, out: &mut impl Write) -> io::Result<()> {
        let driver = json!({
            "name": "krt-console",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": self.rules,
        });
        let run = json!({
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "invocations": [{"executionSuccessful": self.is_complete}],
            "artifacts": self.artifacts,
            "results": self.results,
        });
        let log = json!({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]});
        serde_json::to_writer_pretty(&mut *out, &log)?;
        writeln!(out)
    }
}

fn rule(code: &str, public_url: Option<&str>) -> Value {
    let mut rule = json!({"id": code});
    if let Some(Rule { severity, title, .. }) = rules::find(code) {
        rule["shortDescription"] = json!({"text": title});
        rule["defaultConfiguration"] = json!({"level": level(*severity)});
    } else {
        // `file-unreadable` is not a rule of manifests, but GitHub requires a description of every rule.
        rule["shortDescription"] = json!({"text": code.replace('-', " ")});
    }
    if let Some(page) = krt::rule_pages::page(code) {
        rule["fullDescription"] = json!({"text": page.why});
        rule["help"] = json!({"text": page.fix});
        if let Some(url) = public_url {
            rule["helpUri"] = json!(format!("{}{}", url.trim_end_matches('/'), app::paths::rule(code)));
        }
    }
    rule
}

fn result(diagnostic: &Diagnostic, rule: usize, file: &Value, manifest: &Value) -> Value {
    let mut text = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        text += &format!("\nhelp: {help}");
    }
    let location = match diagnostic.span {
        Some(span) => place(span, manifest),
        // The whole file; GitHub rejects results without a line.
        None => json!({"artifactLocation": file, "region": {"startLine": 1}}),
    };
    let mut location = json!({"physicalLocation": location});
    if let Some(member) = &diagnostic.member {
        location["logicalLocations"] = json!([{"fullyQualifiedName": member, "kind": "resource"}]);
    }
    let mut result = json!({
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": level(diagnostic.severity),
        "message": {"text": text},
        "locations": [location],
    });
    if !diagnostic.related.is_empty() {
        let related = diagnostic.related.iter().map(
            |related| json!({"physicalLocation": place(related.span, manifest), "message": {"text": related.message}}),
        );
        result["relatedLocations"] = related.collect();
    }
    if !diagnostic.fixes.is_empty() {
        result["fixes"] = diagnostic.fixes.iter().map(|one| fix(one, manifest)).collect();
    }
    result
}

fn place(span: Span, file: &Value) -> Value {
    json!({"artifactLocation": file, "region": region(span)})
}

fn region(span: Span) -> Value {
    let Span { line, column, end_line, end_column, .. } = span;
    json!({"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column})
}

fn fix(fix: &Fix, manifest: &Value) -> Value {
    let replacements: Value = fix
        .edits
        .iter()
        .map(|edit| json!({"deletedRegion": region(edit.span), "insertedContent": {"text": edit.text}}))
        .collect();
    let change = json!({"artifactLocation": manifest, "replacements": replacements});
    json!({"description": {"text": fix.title}, "artifactChanges": [change]})
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

/// A path as a relative reference (RFC 3986), percent-encoded.
fn uri(path: &str) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(byte);
    let escape = |byte: u8| if is_plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    path.bytes().map(escape).collect()
}
