//! The worst requests: bodies that stay within their limits and cause as much work as possible, and a package that is
//! almost valid.

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
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for number in 0..19_000 {
        let mut header = tar::Header::new_ustar();
        header.set_mode(0o644);
        header.set_size(0);
        let path = format!("{}/{number:0>99}", "p".repeat(150));
        tar.append_data(&mut header, path, std::io::empty()).expect("a Vec takes all");
    }
    tar.into_inner().and_then(GzEncoder::finish).expect("a Vec takes all")
}
