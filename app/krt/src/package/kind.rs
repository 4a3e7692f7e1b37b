//! What a file is that should have been a package: by its first bytes, so that people are told and not left to guess.

/// A kind of file that is taken for a KRT now and then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Gzip,
    Zip,
    Bzip2,
    Xz,
    Zstd,
    Tar,
    SevenZip,
    Pdf,
    /// Readable text with a colon in its first lines.
    Yaml,
}

impl Kind {
    /// With its article: "a zip archive".
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Gzip => "a gzip file",
            Kind::Zip => "a zip archive",
            Kind::Bzip2 => "a bzip2 file",
            Kind::Xz => "an xz file",
            Kind::Zstd => "a zstd file",
            Kind::Tar => "a tar archive that is not compressed",
            Kind::SevenZip => "a 7z archive",
            Kind::Pdf => "a PDF document",
            Kind::Yaml => "a text file, probably the manifest alone",
        }
    }
}

/// How many first bytes [`of`] wants to see: a tar says what it is at byte 257.
pub(crate) const WANTED: usize = 512;

/// The kind of file that begins so, if it is one of those.
pub(crate) fn of(bytes: &[u8]) -> Option<Kind> {
    const MAGIC: &[(&[u8], Kind)] = &[
        (b"\x1f\x8b", Kind::Gzip),
        (b"PK\x03\x04", Kind::Zip),
        (b"PK\x05\x06", Kind::Zip),
        (b"BZh", Kind::Bzip2),
        (b"\xfd7zXZ\0", Kind::Xz),
        (b"\x28\xb5\x2f\xfd", Kind::Zstd),
        (b"7z\xbc\xaf\x27\x1c", Kind::SevenZip),
        (b"%PDF-", Kind::Pdf),
    ];
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(*kind);
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Some(Kind::Tar);
    }
    let head = &bytes[..bytes.len().min(WANTED)];
    let is_text = head.iter().all(|byte| *byte >= b' ' || matches!(byte, b'\n' | b'\r' | b'\t'));
    (is_text && head.contains(&b':')).then_some(Kind::Yaml)
}
