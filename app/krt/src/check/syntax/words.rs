//! What the parser complains of, by the words that it uses, and what is said instead.

pub(super) const NO_KEY: &str = "did not find expected key";
pub(super) const NO_DASH: &str = "expected '-' indicator";
pub(super) const UNEXPECTED: &str = "unexpected character";
pub(super) const MISPLACED: &str = "misplaced bracket";

/// What the parser says, what we say, and what to do next; the first whose words occur counts.
pub(super) const WORDS: &[(&str, &str, &str)] = &[
    (
        "unknown anchor",
        "this alias refers to an anchor that does not exist",
        "define the anchor (`&name`) above the alias (`*name`)",
    ),
    ("recursion limit", "brackets are nested too deep here", "a manifest needs seven levels"),
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
    (
        NO_KEY,
        "the indentation of this line does not fit the lines above it",
        "let it begin in the same column as its siblings",
    ),
    (
        NO_DASH,
        "the indentation of this line does not fit the list above it",
        "let its `-` begin in the same column as the others",
    ),
    (
        "block sequence entries are not allowed",
        "a list may not begin here",
        "begin the list on a line of its own, below its key",
    ),
    ("',' or '}'", "a `,` or `}` is missing", "close the `{`"),
    ("',' or ']'", "a `,` or `]` is missing", "close the `[`"),
    (UNEXPECTED, "this character cannot begin a value", "put the value in quotes"),
    (
        "expected node content",
        "a value is missing here",
        "write the value, or quote it if it begins with a special character",
    ),
    (
        "quoted scalar",
        "this quoted text is not right",
        "close the quotes, and double the backslashes that are meant as such",
    ),
    ("indentation", "the indentation of this line is not right", "let it begin in the same column as its siblings"),
    ("directive", "this `%` line is not right", "remove it; `%YAML 1.2` is what a manifest is read as anyway"),
    ("tag", "this tag is not right", "remove the `!`, or put the value in quotes"),
    ("anchor", "this anchor is not right", "write it as `&name`, with letters and digits"),
    ("block scalar", "this block of text is not right", "indent its lines deeper than its key"),
    (MISPLACED, "this bracket closes nothing", "remove it, or open it before"),
    (
        "byte order mark",
        "an invisible byte-order mark stands here, which belongs at the beginning of a file",
        "remove it: it comes from joining two files",
    ),
    (
        "comments must be separated",
        "a `#` begins a comment only behind a blank",
        "put a space before the `#`, or the text in quotes",
    ),
    (
        "comment intercepting",
        "this text goes on behind its comment",
        "put the comment on a line of its own, above the text",
    ),
    ("only valid inside a block", "a list may not begin here", "write `[a, b]`, or each item on a line of its own"),
    ("cannot start with '-'", "a value may not be a `-` here", "put it in quotes"),
    (
        "after document end",
        "there is more behind the `...` that ends the manifest",
        "remove the `...`, or what follows it",
    ),
    ("version directive", "the `%YAML` line is there twice", "remove one of them"),
    ("<document start>", "there is more after the end of the manifest", "a manifest is one YAML document"),
    ("unexpected end", "the text ends in the middle of a value", "complete the value"),
    ("stream", "the text ends in the middle of a value", "complete the value"),
];
