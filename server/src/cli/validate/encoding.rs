//! The encoding of a manifest file, so that a fixed manifest is written in the same one.

use std::borrow::Cow;

/// The encodings that the check reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// With or without a byte-order mark; the mark is part of the text.
    Utf8,
    /// With a byte-order mark, which is not part of the text.
    Utf16(Order),
}

/// Byte order of UTF-16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

impl Encoding {
    /// Returns the encoding in which `text` has exactly these bytes, so that writing it back changes nothing else;
    /// `None` when the bytes hold a different text.
    pub(super) fn of(bytes: &[u8], text: &str) -> Option<Encoding> {
        let all = [Encoding::Utf8, Encoding::Utf16(Order::Little), Encoding::Utf16(Order::Big)];
        all.into_iter().find(|encoding| encoding.encode(text) == bytes)
    }

    pub(super) fn encode(self, text: &str) -> Cow<'_, [u8]> {
        let Encoding::Utf16(order) = self else { return Cow::Borrowed(text.as_bytes()) };
        let bytes = |unit: u16| match order {
            Order::Little => unit.to_le_bytes(),
            Order::Big => unit.to_be_bytes(),
        };
        Cow::Owned(std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_recognized_from_the_bytes_of_a_text() {
        for (bytes, text, encoding) in [
            (&b"a: \xc3\xa4"[..], "a: ä", Some(Encoding::Utf8)),
            (b"\xef\xbb\xbfa", "\u{feff}a", Some(Encoding::Utf8)),
            (b"\xff\xfea\0\x3d\xd8\0\xde", "a😀", Some(Encoding::Utf16(Order::Little))),
            (b"\xfe\xff\0a\0\n", "a\n", Some(Encoding::Utf16(Order::Big))),
            // The file changed after it was read.
            (b"b", "a", None),
            (b"\xff\xfeb\0", "a", None),
        ] {
            assert_eq!(Encoding::of(bytes, text), encoding, "{bytes:?}");
        }
    }
}
