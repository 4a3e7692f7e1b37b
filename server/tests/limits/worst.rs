//! The worst requests: bodies that stay within their limits and cause as much work as possible, and a package that is
//! almost valid.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use server::web::Route;

use crate::console::FORM;

/// The worst bodies of `bytes` bytes for a route: name of the case, content type, body.
pub fn worst_bodies(route: &Route, bytes: usize) -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let fill = |begin: &str, piece: &str, end: &str| -> Vec<u8> {
        let times = bytes.saturating_sub(begin.len() + end.len()) / piece.len();
        [begin, &piece.repeat(times), end].concat().into_bytes()
    };
    if route.path.starts_with("/api/") {
        return vec![
            ("tiny values", "application/json", fill(r#"{"values":["#, r#"["",""],"#, r#"["",""]]}"#)),
            ("tiny keys", "application/json", fill("{", r#""a":0,"#, r#""a":0}"#)),
            ("brackets", "application/json", fill("", "[", "")),
            ("one huge value", "application/json", fill(r#"{"runtime":""#, "x", r#""}"#)),
        ];
    }
    if route.most_bytes.is_none() {
        let kind = "multipart/form-data; boundary=limit";
        let head = "--limit\r\nContent-Disposition: form-data; name=\"reason\"\r\n\r\n";
        let field = "--limit\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n";
        return vec![
            ("tiny parts", kind, fill("", field, "--limit--\r\n")),
            ("one huge part", kind, fill(head, "x", "\r\n--limit--\r\n")),
            ("no boundary", kind, fill("", "\r\n-", "")),
            ("an endless part header", kind, fill("--limit\r\nX-A: ", "x", "")),
        ];
    }
    vec![
        ("tiny fields", FORM, fill("", "a&", "")),
        ("tiny values of a declared beginning", FORM, fill("", "value:a&", "")),
        ("one huge field", FORM, fill("reason=", "%22", "")),
    ]
}

/// The body of an upload with this file.
pub fn upload_of(package: &[u8]) -> Vec<u8> {
    let mut body = b"--limit\r\nContent-Disposition: form-data; name=\"reason\"\r\n\r\nx\r\n".to_vec();
    body.extend(b"--limit\r\nContent-Disposition: form-data; name=\"package\"; filename=\"a.krt\"\r\n\r\n");
    body.extend(package);
    body.extend(b"\r\n--limit--\r\n");
    body
}

/// A package with as many members and as long names as allowed, without a manifest.
pub fn hostile_package() -> Vec<u8> {
    let mut tar = Vec::new();
    for number in 0..19_000 {
        let mut block = [0; 512];
        let name = format!("{number:0>99}");
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[100..108].copy_from_slice(b"0000644\0");
        block[124..136].copy_from_slice(b"00000000000\0");
        block[148..156].fill(b' ');
        block[156] = b'0';
        block[257..265].copy_from_slice(b"ustar\x0000");
        block[345..345 + 150].fill(b'p');
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        tar.extend(block);
    }
    tar.extend([0; 1024]);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&tar).and_then(|()| gzip.finish()).expect("a Vec takes all")
}
