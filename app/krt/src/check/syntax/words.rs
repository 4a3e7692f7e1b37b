//! The error messages of the parser, and the messages that replace them.

pub(super) const NO_KEY: &str = "did not find expected key";
pub(super) const NO_DASH: &str = "expected '-' indicator";
pub(super) const UNEXPECTED: &str = "unexpected character";
pub(super) const MISPLACED: &str = "misplaced bracket";

/// A part of the parser's message, the message that replaces it, and the help; the first match counts.
pub(super) const WORDS: &[(&str, &str, &str)] = &[
    (
        "unknown anchor",
        "this alias refers to an anchor that does not exist",
        "define the anchor (`&name`) above the alias (`*name`)",
    ),
    ("recursion limit", "brackets are nested too deeply here", "a manifest needs only seven levels"),
    (
        "simple key expect",
        "a `:` is missing after this key, or the indentation is wrong",
        "write `key: value`, with a space after the colon",
    ),
    (
        "mapping values are not allowed",
        "a `:` is not allowed here",
        "put text that contains `: ` in quotes, and check the indentation of the line",
    ),
    ("mapping keys are not allowed", "a key is not allowed here", "check the indentation of the line"),
    (NO_KEY, "the indentation of this line does not match the lines above", "align it with its siblings"),
    (NO_DASH, "the indentation of this line does not match the list above", "align its `-` with the others"),
    (
        "block sequence entries are not allowed",
        "a list cannot begin here",
        "begin the list on its own line, below its key",
    ),
    ("',' or '}'", "a `,` or `}` is missing", "close the `{`"),
    ("',' or ']'", "a `,` or `]` is missing", "close the `[`"),
    (UNEXPECTED, "this character cannot begin a value", "put the value in quotes"),
    (
        "expected node content",
        "a value is missing here",
        "write the value, or quote it if it begins with a special character",
    ),
    ("quoted scalar", "this quoted text is invalid", "close the quotes, and double each literal backslash"),
    ("indentation", "the indentation of this line is wrong", "align it with its siblings"),
    ("directive", "this `%` line is invalid", "remove it: manifests are read as YAML 1.2 anyway"),
    ("tag", "this tag is invalid", "remove the `!`, or put the value in quotes"),
    ("anchor", "this anchor is invalid", "write it as `&name`, with letters and digits"),
    ("block scalar", "this block of text is invalid", "indent its lines deeper than its key"),
    (MISPLACED, "this bracket closes nothing", "remove it, or add the opening bracket"),
    (
        "byte order mark",
        "an invisible byte-order mark is here, but belongs at the beginning of a file",
        "remove it: joining two files leaves such a mark",
    ),
    (
        "comments must be separated",
        "a `#` begins a comment only after a space",
        "add a space before the `#`, or put the text in quotes",
    ),
    (
        "comment intercepting",
        "this text continues after its comment",
        "put the comment on its own line, above the text",
    ),
    ("only valid inside a block", "a list cannot begin here", "write `[a, b]`, or each item on its own line"),
    ("cannot start with '-'", "a value cannot be `-` here", "put it in quotes"),
    (
        "after document end",
        "unexpected content after the `...` that ends the manifest",
        "remove the `...`, or what follows it",
    ),
    ("version directive", "the `%YAML` line appears twice", "remove one of them"),
    ("<document start>", "unexpected content after the end of the manifest", "a manifest is one YAML document"),
    ("unexpected end", "the text ends in the middle of a value", "complete the value"),
    ("stream", "the text ends in the middle of a value", "complete the value"),
];
