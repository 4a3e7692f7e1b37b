//! Recognizes, by its first bytes, what a file is that is not a package, so that the diagnostic can name it.

/// A kind of file that is sometimes mistaken for a KRT package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
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

impl FileKind {
    /// Returns the name with its article: "a zip archive".
    pub(crate) fn name(self) -> &'static str {
        match self {
            FileKind::Gzip => "a gzip file",
            FileKind::Zip => "a zip archive",
            FileKind::Bzip2 => "a bzip2 file",
            FileKind::Xz => "an xz file",
            FileKind::Zstd => "a zstd file",
            FileKind::Tar => "an uncompressed tar archive",
            FileKind::SevenZip => "a 7z archive",
            FileKind::Pdf => "a PDF document",
            FileKind::Yaml => "a text file, probably the manifest alone",
        }
    }
}

/// How many leading bytes [`of`] needs: the magic number of a tar is at byte 257.
pub(crate) const WANTED: usize = 512;

/// Returns the kind of a file that begins with these bytes; `None` when it is unknown.
pub(crate) fn of(bytes: &[u8]) -> Option<FileKind> {
    const MAGIC: &[(&[u8], FileKind)] = &[
        (b"\x1f\x8b", FileKind::Gzip),
        (b"PK\x03\x04", FileKind::Zip),
        (b"PK\x05\x06", FileKind::Zip),
        (b"BZh", FileKind::Bzip2),
        (b"\xfd7zXZ\0", FileKind::Xz),
        (b"\x28\xb5\x2f\xfd", FileKind::Zstd),
        (b"7z\xbc\xaf\x27\x1c", FileKind::SevenZip),
        (b"%PDF-", FileKind::Pdf),
    ];
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(*kind);
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Some(FileKind::Tar);
    }
    let head = &bytes[..bytes.len().min(WANTED)];
    let is_text = head.iter().all(|byte| *byte >= b' ' || matches!(byte, b'\n' | b'\r' | b'\t'));
    (is_text && head.contains(&b':')).then_some(FileKind::Yaml)
}
