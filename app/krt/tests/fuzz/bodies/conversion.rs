//! Converts any text to v2: the result is valid v2 and means the same; a second conversion changes nothing.

use krt::check::{Options, analyze};
use krt::convert::to_v2;
use krt::manifest::{Contents, Format, Manifest};

use super::sound::sound;

pub fn run(text: &str) {
    let before = analyze(text, Options::MANIFEST).manifest;
    match to_v2(text) {
        Ok(converted) => {
            let wanted = before.map(|manifest| Contents { format: Format::V2, ..manifest.into_contents() });
            assert!(wanted.is_some(), "an invalid manifest was converted");
            assert_eq!(analyze(&converted, Options::MANIFEST).manifest.map(Manifest::into_contents), wanted);
            assert_eq!(to_v2(&converted).as_ref(), Ok(&converted));
        }
        Err(why) => {
            assert!(!why.is_empty());
            sound(text, &why);
        }
    }
}
