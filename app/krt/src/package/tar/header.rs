//! A tar header's fields: numbers in octal or base 256, names with prefixes, PAX records.

use super::{BLOCK, EntryKind};

/// A header block whose checksum is right.
pub(super) struct Header<'b> {
    block: &'b [u8],
    pub(super) flag: u8,
    /// Bytes of content, as this header says.
    pub(super) size: u64,
}

impl<'b> Header<'b> {
    /// `None` when the checksum is wrong or the size is no number.
    pub(super) fn read(block: &'b [u8]) -> Option<Header<'b>> {
        let stored = number(block.get(148..156)?)?;
        let bytes = block.iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { b' ' } else { *byte });
        // Some old tars summed signed bytes.
        let unsigned: u64 = bytes.clone().map(u64::from).sum();
        let signed: i64 = bytes.map(|byte| i64::from(byte as i8)).sum();
        let is_right = block.len() == BLOCK && (stored == unsigned || i64::try_from(stored) == Ok(signed));
        let size = number(block.get(124..136)?)?;
        is_right.then_some(Header { block, flag: block[156], size })
    }

    /// The name, with its prefix where the format has one.
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
            // A contiguous file (7) is a file for everybody.
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

/// What extended headers say of the member behind them.
#[derive(Default)]
pub(super) struct Pax {
    pub(super) path: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) is_sparse: bool,
}

impl Pax {
    /// Records of the form `LENGTH KEY=VALUE\n`, the length counting the whole record. `None` when they are not.
    pub(super) fn read(&mut self, mut records: &[u8]) -> Option<()> {
        while !records.is_empty() {
            let blank = records.iter().position(|byte| *byte == b' ')?;
            let length: usize = std::str::from_utf8(&records[..blank]).ok()?.parse().ok()?;
            let record = records.get(blank + 1..length)?.strip_suffix(b"\n")?;
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

/// A number in octal digits, or in base 256 when its first bit is set.
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

/// A field's bytes up to its first zero.
fn text(field: &[u8]) -> &[u8] {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    &field[..end]
}
