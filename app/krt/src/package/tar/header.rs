//! Parses the fields of a tar header: numbers in octal or base 256, names with prefixes, PAX records.

use super::{BLOCK, EntryKind};

/// A header block with a valid checksum.
pub(super) struct Header<'b> {
    block: &'b [u8],
    pub(super) flag: u8,
    /// Size of the content in bytes, according to this header.
    pub(super) size: u64,
}

impl<'b> Header<'b> {
    /// Returns `None` when the checksum is wrong or the size is not a number.
    pub(super) fn read(block: &'b [u8]) -> Option<Header<'b>> {
        let stored = number(block.get(148..156)?)?;
        let bytes = block.iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { b' ' } else { *byte });
        // Some old tar programs summed signed bytes.
        let unsigned: u64 = bytes.clone().map(u64::from).sum();
        let signed: i64 = bytes.map(|byte| i64::from(byte as i8)).sum();
        let is_right = block.len() == BLOCK && (stored == unsigned || i64::try_from(stored) == Ok(signed));
        let size = number(block.get(124..136)?)?;
        is_right.then_some(Header { block, flag: block[156], size })
    }

    /// Returns the path: the name, with its prefix in ustar.
    pub(super) fn path(&self) -> Vec<u8> {
        let name = text(&self.block[..100]);
        let prefix = text(&self.block[345..500]);
        let is_ustar = &self.block[257..263] == b"ustar\0";
        if !is_ustar || prefix.is_empty() {
            return name.to_vec();
        }
        [prefix, b"/", name].concat()
    }

    pub(super) fn kind(&self, path: &[u8]) -> EntryKind {
        match self.flag {
            // Before ustar, a folder was a file whose name ends in a slash.
            0 | b'0' if path.ends_with(b"/") => EntryKind::Folder,
            // Every tar program treats a contiguous file (7) as a file.
            0 | b'0' | b'7' => EntryKind::File,
            b'1' => EntryKind::Hardlink,
            b'2' => EntryKind::Symlink,
            b'3' | b'4' => EntryKind::Device,
            b'5' | b'D' => EntryKind::Folder,
            b'6' => EntryKind::Fifo,
            b'S' => EntryKind::Sparse,
            flag => EntryKind::Unknown(flag),
        }
    }
}

/// Attributes from extended headers for the member that follows.
#[derive(Default)]
pub(super) struct Pax {
    pub(super) path: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) is_sparse: bool,
}

impl Pax {
    /// Parses records of the form `LENGTH KEY=VALUE\n`, where the length counts the whole record. `None` when invalid.
    pub(super) fn read(&mut self, mut records: &[u8]) -> Option<()> {
        while !records.is_empty() {
            let space = records.iter().position(|byte| *byte == b' ')?;
            let length: usize = std::str::from_utf8(&records[..space]).ok()?.parse().ok()?;
            let record = records.get(space + 1..length)?.strip_suffix(b"\n")?;
            records = &records[length..];
            let equals = record.iter().position(|byte| *byte == b'=')?;
            let (key, value) = (&record[..equals], &record[equals + 1..]);
            match key {
                b"path" => self.path = Some(value.to_vec()),
                b"size" => self.size = Some(std::str::from_utf8(value).ok()?.parse().ok()?),
                _ => self.is_sparse |= key.starts_with(b"GNU.sparse."),
            }
        }
        Some(())
    }
}

/// Parses a number in octal digits, or in base 256 when its first bit is set.
fn number(field: &[u8]) -> Option<u64> {
    if field.first()? & 0x80 != 0 {
        let bytes = field.iter().enumerate().map(|(at, byte)| if at == 0 { byte & 0x7f } else { *byte });
        return bytes.into_iter().try_fold(0u64, |sum, byte| sum.checked_mul(256)?.checked_add(u64::from(byte)));
    }
    let digits = field.iter().skip_while(|byte| **byte == b' ').take_while(|byte| !matches!(byte, b' ' | 0));
    digits
        .map(|digit| matches!(digit, b'0'..=b'7').then(|| u64::from(digit - b'0')))
        .try_fold(0u64, |sum, digit| sum.checked_mul(8)?.checked_add(digit?))
}

/// Returns a field's bytes up to the first zero.
fn text(field: &[u8]) -> &[u8] {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    &field[..end]
}
