//! Any text converted to v2: what comes out is valid, of v2, and says the same; converted once more it stays as it is.
#![no_main]

mod sound;

use krt::check::check;
use krt::convert::to_v2;
use krt::manifest::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (before, _) = check(text);
    match to_v2(text) {
        Ok(converted) => {
            let wanted = before.map(|manifest| krt::manifest::Manifest { format: Format::V2, ..manifest });
            assert!(wanted.is_some(), "what is not valid was converted");
            assert_eq!(check(&converted).0, wanted);
            assert_eq!(to_v2(&converted).as_ref(), Ok(&converted));
        }
        Err(why) => {
            assert!(!why.is_empty());
            sound::sound(text, &why);
        }
    }
});
