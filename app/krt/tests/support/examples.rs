//! Turns the examples of the rule pages into bytes: builds what the pages only describe in words.

use krt::rule_pages::{Example, ExampleKind, Page, codes, page};

use super::{entry, gzip, header, seal};

/// An example as a file: name (`.yml` or `.krt`) and contents.
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Returns the pages of all codes.
pub fn pages() -> impl Iterator<Item = Page> {
    codes().map(|code| page(code).unwrap_or_else(|| panic!("rules/{code}.md does not have the common structure")))
}

/// Returns an example of a page, named after its code.
pub fn file(code: &str, which: &str, example: &Example) -> File {
    match example.kind {
        ExampleKind::Package => File { name: format!("{code}.{which}.krt"), bytes: package(example.text) },
        kind => File { name: format!("{code}.{which}.yml"), bytes: manifest(example.text, kind) },
    }
}

fn manifest(text: &str, kind: ExampleKind) -> Vec<u8> {
    match text.trim_end().strip_prefix('(').and_then(|words| words.strip_suffix(')')) {
        Some(words) => described(words).into_bytes(),
        None if kind == ExampleKind::Escaped => escaped(text),
        None => text.as_bytes().to_vec(),
    }
}

/// Returns the valid manifest of the pages.
fn good() -> &'static str {
    page("description-blank").expect("the page exists").right.text
}

/// Builds a manifest that is too long for a page.
fn described(words: &str) -> String {
    match words {
        "lists nested 300 levels deep" => format!("{}x-deep:{}\n", good(), deep(300)),
        "ten lines of aliases that multiply each other" => {
            let lines = (1..10).map(|n| format!("x-{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", ")));
            format!("x-0: &a0 [a, a, a, a, a, a, a, a, a, a]\n{}{}", lines.collect::<String>(), good())
        }
        "a manifest of 3 MiB" => format!("# {}\n{}", "x".repeat(3 << 20), good()),
        "a manifest whose src has 5,000 characters" => {
            good().replace("src/greeter", &format!("src/{}", "x".repeat(5000)))
        }
        "a description of 2,500 characters" => described_at_length(2_500),
        "a description of 25,000 characters" => described_at_length(25_000),
        "a variable whose name has 300 letters" => {
            good().replace("workflows:", &format!("config:\n  variables: [{}]\nworkflows:", "X".repeat(300)))
        }
        "1,200 variables" => {
            let variables: String = (0..1200).map(|n| format!("    - VARIABLE_{n}\n")).collect();
            good().replace("workflows:", &format!("config:\n  variables:\n{variables}workflows:"))
        }
        "a workflow of 600 nodes" => {
            let node = |n| {
                format!(
                    "      - name: node-{n}\n        image: konstellation/kre-py:1.29.0\n        src: src/node.py\n        subscriptions: [greeter]\n"
                )
            };
            good().to_owned() + &(0..600).map(node).collect::<String>()
        }
        "600 unknown keys" => good().to_owned() + &(0..600).map(|n| format!("unknown-{n}: x\n")).collect::<String>(),
        _ => panic!("unknown description ({words})"),
    }
}

fn described_at_length(length: usize) -> String {
    good().replace("Greets people by their name.", &"x".repeat(length))
}

/// Builds lists, each one level deeper than the previous line.
fn deep(levels: usize) -> String {
    (0..levels).map(|level| format!("\n{}-", " ".repeat(level + 1))).collect()
}

/// Replaces `\u{…}` by a character and `\x{…}` by a byte.
fn escaped(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = ["\\u{", "\\x{"].iter().filter_map(|escape| rest.find(escape)).min() {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        let (digits, behind) = rest[at + 3..].split_once('}').expect("an escape is closed");
        let number = u32::from_str_radix(digits, 16).expect("an escape is hexadecimal");
        match rest.as_bytes()[at + 1] {
            b'x' => out.push(number as u8),
            _ => out.extend(char::from_u32(number).expect("an escape is a character").to_string().bytes()),
        }
        rest = behind;
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

fn package(text: &str) -> Vec<u8> {
    let mut tar = Vec::new();
    let mut change: Option<fn(Vec<u8>) -> Vec<u8>> = None;
    for line in text.lines() {
        match line.strip_prefix('(').and_then(|words| words.strip_suffix(')')) {
            Some("an empty file") => return Vec::new(),
            Some("a zip archive") => return b"PK\x03\x04".iter().copied().chain([0; 600]).collect(),
            Some("the manifest alone, compressed with gzip") => return gzip(good().as_bytes()),
            Some("cut off in the middle") => change = Some(|bytes| bytes[..bytes.len() / 2].to_vec()),
            Some("one byte changed on the way") => change = Some(with_a_wrong_checksum),
            Some(words) => tar.extend(odd_member(words)),
            None => tar.extend(member(line)),
        }
    }
    tar.resize(tar.len() + 1024, 0);
    let bytes = gzip(&tar);
    change.map_or(bytes.clone(), |change| change(bytes))
}

/// The checksum is in the last eight bytes.
fn with_a_wrong_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    let at = bytes.len() - 6;
    bytes[at] ^= 1;
    bytes
}

/// Builds the member that a line of a page describes.
fn member(line: &str) -> Vec<u8> {
    const PROTO: &str = "syntax = \"proto3\";\nservice Greeter { rpc Greet (Person) returns (Greeting) {} }\nmessage Person {}\nmessage Greeting {}\n";
    if let Some((path, target)) = line.split_once(" -> ") {
        let mut block = header(path.as_bytes(), b'2', 0);
        block[157..157 + target.len()].copy_from_slice(target.as_bytes());
        seal(&mut block);
        return block;
    }
    if line.ends_with('/') {
        return entry(line.as_bytes(), b'5', b"");
    }
    let (path, content) = line.split_once(": ").unwrap_or((
        line,
        match line {
            line if line.ends_with("krt.yml") => good(),
            "greeter.proto" => PROTO,
            _ => "# a file\n",
        },
    ));
    entry(path.as_bytes(), b'0', content.as_bytes())
}

/// Builds a member that a page can only describe in words.
fn odd_member(words: &str) -> Vec<u8> {
    match words {
        "data/faces.bin, 3 GiB" => header(b"data/faces.bin", b'0', 3 << 30),
        "metrics/dashboards/people.json, 2 MiB" => entry(b"metrics/dashboards/people.json", b'0', &vec![b' '; 2 << 20]),
        "150 MiB of zeros, compressed" => entry(b"zeros", b'0', &vec![0; 150 << 20]),
        "20,001 files" => (0..20_001).flat_map(|n| header(format!("f{n}").as_bytes(), b'0', 0)).collect(),
        "a file without a name" => entry(b"", b'0', b""),
        "a file whose path has 5,000 bytes" => {
            [entry(b"././@LongLink", b'L', &[b'x'; 5000]), entry(b"x", b'0', b"")].concat()
        }
        "a file whose name is in Latin-1" => entry(b"docs/gr\xfc\xdfe.md", b'0', b""),
        "a file whose name has a line break" => entry(b"docs/one\ntwo.md", b'0', b""),
        _ => panic!("unknown description ({words})"),
    }
}
