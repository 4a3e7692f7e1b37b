//! Changes of a seed: of its lines, its bytes, or its 512-byte blocks.

use crate::random::Random;

const BLOCK: usize = 512;

/// Pieces of YAML, and of what breaks it.
const SIGNS: &[&str] = &[
    "\n", "\n  ", "\n    ", "\n- ", "\r\n", "\r", "\t", " ", ": ", ":", "- ", ", ", "[", "]", "{", "}", "[]", "{}",
    "&a ", "*a", "<<: ", "!t ", "| ", "> ", "\"", "'", "\"\\", "#", " # a", "---\n", "...\n", "? ", "~", "%YAML 1",
    "null", "true", "yes", "0", "010", "-1", "1.5", "a", "é", "日", "🚀", "\u{feff}", "\u{2028}", "\u{a0}", "\u{85}",
    "\0", "\u{1b}",
];

/// Pieces of manifests.
const KEYS: &[&str] = &[
    "krtVersion: v2",
    "krtVersion: v1",
    "version: ",
    "workflows:",
    "nodes:",
    "name: ",
    "subscriptions: [",
    "sequential: ",
    "exitpoint: ",
    "entrypoint",
    "config:",
    "replicas: ",
    "99999999999999999999",
];

/// Values for fields of archives' headers.
const FIELDS: &[&[u8]] = &[
    b"\0",
    b"krt.yml\0",
    b"./krt.yml\0",
    b"a/krt.yml\0",
    b"../x\0",
    b"/x\0",
    b"00000000000\0",
    b"77777777777\0",
    b"00000001000\0",
    b"\x80\0\0\0\0\0\0\0\0\0\x02\0",
    b"\xff\xff\xff\xff",
    b"0",
    b"1",
    b"2",
    b"5",
    b"L",
    b"x",
    b"g",
    b"K",
    b"S",
    b"././@LongLink\0",
    b"20 path=krt.yml\n",
    b"ustar\x0000",
    b"ustar  \0",
];

/// Changes a text.
pub fn text(input: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    for _ in 0..=random.below(4) {
        match random.below(3) {
            0 => bytes(input, random),
            1 => words(input, random),
            _ => lines(input, other, random),
        }
    }
    if random.below(20) == 0 {
        *input = String::from_utf8_lossy(input).replace('\n', "\r\n").into_bytes();
    }
}

/// Changes an archive, or a compressed one.
pub fn archive(input: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    for _ in 0..=random.below(4) {
        match random.below(4) {
            0 => bytes(input, random),
            1 => words(input, random),
            2 => {
                let field = random.one_of(FIELDS);
                // Name, size, kind, link, magic, prefix: of any block, since contents are read as headers, too.
                let at = random.below(input.len() / BLOCK + 1) * BLOCK + [0, 124, 156, 157, 257, 345][random.below(6)];
                let end = (at + field.len()).min(input.len());
                if at < end {
                    input[at..end].copy_from_slice(&field[..end - at]);
                }
            }
            _ => {
                *input =
                    mixed(&input.chunks(BLOCK).collect::<Vec<_>>(), &other.chunks(BLOCK).collect::<Vec<_>>(), random)
                        .concat()
            }
        }
    }
}

fn bytes(input: &mut Vec<u8>, random: &mut Random) {
    let range = random.range(input.len(), 40);
    match random.below(4) {
        0 if range.start < input.len() => input[range.start] ^= 1 << random.below(8),
        1 if range.start < input.len() => input[range.start] = random.below(256) as u8,
        2 => drop(input.splice(range, [])),
        _ => input.truncate(if random.below(4) == 0 { range.start } else { usize::MAX }),
    }
}

fn words(input: &mut Vec<u8>, random: &mut Random) {
    let replaced = [0, 12][random.below(2)];
    let range = random.range(input.len(), replaced);
    input.splice(range, word(random).bytes());
}

fn word(random: &mut Random) -> &'static str {
    let words = [SIGNS, SIGNS, KEYS][random.below(3)];
    random.one_of(words)
}

fn lines(input: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let own: Vec<_> = input.split_inclusive(|byte| *byte == b'\n').collect();
    let at = random.below(own.len());
    let Some(line) = own.get(at) else { return };
    let changed = match random.below(4) {
        0 => [" ".repeat(1 + random.below(4)).as_bytes(), line].concat(),
        1 => line.strip_prefix(b"  ").or(line.strip_prefix(b" ")).unwrap_or(line).to_vec(),
        2 => {
            let key = line.iter().position(|byte| *byte == b':').map_or(line.len(), |colon| colon + 1);
            [&line[..key], b" ", word(random).as_bytes(), b"\n"].concat()
        }
        _ => {
            let others: Vec<_> = other.split_inclusive(|byte| *byte == b'\n').collect();
            *input = mixed(&own, &others, random).concat();
            return;
        }
    };
    let (before, after) = (own[..at].concat(), own[at + 1..].concat());
    *input = [before, changed, after].concat();
}

/// The pieces, some of which are removed, doubled, moved, or replaced by those of another input.
fn mixed<'a>(own: &[&'a [u8]], other: &[&'a [u8]], random: &mut Random) -> Vec<&'a [u8]> {
    let mut pieces = own.to_vec();
    let (from, to) = (random.range(own.len(), 4), random.range(own.len(), 4));
    let inserted = match random.below(4) {
        0 => Vec::new(),
        1 => own[from].to_vec(),
        _ => other[random.range(other.len(), 4)].to_vec(),
    };
    let to = if random.below(2) == 0 { to.start..to.start } else { to };
    pieces.splice(to, inserted);
    pieces
}
