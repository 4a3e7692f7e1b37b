//! Converts any text to v2: the result is valid v2 and means the same; a second conversion changes nothing.

use krt::check::check;
use krt::convert::to_v2;
use krt::manifest::Format;

use super::sound::sound;

pub fn run(text: &str) {
    let (before, _) = check(text);
    match to_v2(text) {
        Ok(converted) => {
            let wanted = before.map(|manifest| krt::manifest::Manifest { format: Format::V2, ..manifest });
            assert!(wanted.is_some(), "an invalid manifest was converted");
            assert_eq!(check(&converted).0, wanted);
            assert_eq!(to_v2(&converted).as_ref(), Ok(&converted));
        }
        Err(why) => {
            assert!(!why.is_empty());
            sound(text, &why);
        }
    }
}
