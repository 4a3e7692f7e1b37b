//! Parses the services of a `.proto` file: recognizes comments, strings, options and nested blocks exactly as `protoc`
//! does, and skips their contents.
//!
//! Existing parsers (`protox-parse`, `protobuf-parse`) bring a lexer generator or the whole descriptor model, several
//! times the size of this module; only the names of the rpcs are needed here.

mod words;

use words::{Fault, Token, Words};

/// Reported when a statement runs into the next one.
const NO_END: &str = "a `;` is missing before this point";

/// The declarations of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Proto {
    /// Names of the rpcs of all services, in file order.
    pub(super) rpcs: Vec<String>,
    /// Why parsing stopped before the end.
    pub(super) fault: Option<Fault>,
}

/// Parses `proto2`, `proto3` and editions alike: they differ only inside messages.
pub(super) fn read(text: &str) -> Proto {
    let mut words = Words::new(text);
    let mut found = Proto::default();
    found.fault = file(&mut words, &mut found.rpcs).err();
    found
}

fn file(words: &mut Words<'_>, rpcs: &mut Vec<String>) -> Result<(), Fault> {
    while let Some(token) = words.next()? {
        match token {
            Token::Word("service") => service(words, rpcs)?,
            Token::Mark(';') => {}
            Token::Word("syntax" | "edition" | "package" | "import") => to_its_end(words)?,
            first => statement(words, first)?,
        }
    }
    Ok(())
}

/// Skips to the `;` of a statement without braces.
fn to_its_end(words: &mut Words<'_>) -> Result<(), Fault> {
    loop {
        match words.wanted()? {
            Token::Mark(';') => return Ok(()),
            Token::Mark('{') => return Err(words.fault(NO_END)),
            _ => {}
        }
    }
}

/// Parses what follows `service`: a name, then rpcs and options in braces.
fn service(words: &mut Words<'_>, rpcs: &mut Vec<String>) -> Result<(), Fault> {
    loop {
        match words.wanted()? {
            Token::Mark('{') => break,
            Token::Mark(';') => return Ok(()),
            _ => {}
        }
    }
    loop {
        match words.wanted()? {
            Token::Mark('}') => return Ok(()),
            Token::Mark(';') => {}
            Token::Word("rpc") => {
                let name = words.wanted()?;
                if let Token::Word(name) = name {
                    rpcs.push(name.to_owned());
                }
                rpc(words)?;
            }
            first => statement(words, first)?,
        }
    }
}

/// Parses what follows the name of an rpc: request and response types, then a `;` or a block of options.
fn rpc(words: &mut Words<'_>) -> Result<(), Fault> {
    let mut depth = 0;
    loop {
        match words.wanted()? {
            Token::Mark('(') => depth += 1,
            Token::Mark(')') => depth -= 1,
            Token::Word("rpc") if depth == 0 => return Err(words.fault(NO_END)),
            token @ Token::Mark(';' | '{') if depth == 0 => return statement(words, token),
            Token::Mark(';' | '{' | '}' | '[' | ']') => {
                return Err(words.fault("an rpc has the form `rpc Name (Request) returns (Response);`"));
            }
            _ => {}
        }
    }
}

/// Skips to the end of a statement: a `;` or a block in braces, whichever comes first outside other brackets. The `;`
/// after the braces of an option's value then counts as an empty statement.
fn statement(words: &mut Words<'_>, first: Token<'_>) -> Result<(), Fault> {
    let mut open: Vec<char> = Vec::new();
    let mut token = first;
    loop {
        match token {
            Token::Mark(';') if open.is_empty() => return Ok(()),
            Token::Mark('{') => open.push('}'),
            Token::Mark('[') => open.push(']'),
            Token::Mark('(') => open.push(')'),
            Token::Mark(mark @ ('}' | ']' | ')')) => {
                if open.pop() != Some(mark) {
                    return Err(words.fault("a closing bracket has no opening bracket"));
                }
                if mark == '}' && open.is_empty() {
                    return Ok(());
                }
            }
            _ => {}
        }
        token = words.wanted()?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rpcs(text: &str) -> Vec<String> {
        let found = read(text);
        assert_eq!(found.fault, None, "{text}");
        found.rpcs
    }

    #[test]
    fn rpcs_are_found_in_services_and_nowhere_else() {
        let text = r#"
            syntax = "proto3"; // service No { rpc No (A) returns (B); }
            package a.b; import public "rpc.proto";
            option (file) = { rpc: "service No { rpc No", nested { a: [1, 2] } };
            /* service No { rpc No (A) returns (B); } */
            message service_rpc { string rpc = 1 [(o) = "}"]; oneof service { rpc rpc2 = 2; } message rpc { } reserved 4 to max; }
            message M { map<string, rpc> service = 1; extensions 100 to 199; enum rpc { NO = 0; } }
            extend google.protobuf.MethodOptions { string rpc = 1; }
            enum E { rpc_A = 0 [deprecated = true]; }
            service S {
                option (s) = { rpc: 1 };
                rpc /* c */ First (stream .a.b.M) returns (stream M) { option idempotency_level = IDEMPOTENT; option (h) = { post: "/{x}" }; }
                rpc Second(M) returns (M); ; rpc Third (M)
                  returns (M) {};
            }
            service T { rpc rpc (M) returns (M); rpc service (M) returns (M) {} }
        "#;
        assert_eq!(rpcs(text), ["First", "Second", "Third", "rpc", "service"]);
    }

    #[test]
    fn older_syntax_is_parsed_too() {
        let text = "syntax = 'proto2'; message M { optional group Result = 1 { required string url = 2 [default = 'a\\'}']; } } \
                    service S { rpc A (M) returns (M) { } stream Old (M, M); }";
        assert_eq!(rpcs(text), ["A"]);
        assert!(
            rpcs("").is_empty()
                && rpcs("edition = \"2023\";").is_empty()
                && rpcs("\u{feff}syntax = 'proto3';").is_empty()
        );
    }

    #[test]
    fn faults_are_reported_with_their_line() {
        for (text, line) in [
            ("service S {\n rpc A (M) returns (M);\n", 3),
            ("message M {\n string a = 1;\n}}\n", 3),
            ("\nsyntax = \"proto3\n;", 2),
            ("message M {}\n/* never closed", 2),
            ("message M { string a = (1]; }", 1),
            ("syntax = \"proto3\"\nservice S { rpc A (M) returns (M); }", 2),
            ("service S {\nrpc A (M) returns (M)\nrpc B (M) returns (M);\n}", 3),
            ("service S { rpc A (M]; }", 1),
            ("service S {\nrpc A (M returns (M);\n}", 2),
        ] {
            assert_eq!(read(text).fault.map(|fault| fault.line), Some(line), "{text}");
        }
        assert_eq!(read("service S { rpc A (M) returns (M); ").rpcs, ["A"]);
    }
}
