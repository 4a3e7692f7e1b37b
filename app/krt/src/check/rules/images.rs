//! Container images.

use crate::check::draft::Text;
use crate::check::problem::{Problem, Problems};
use crate::manifest::forms::{cut, image_fault};
use crate::text::quote;

/// Checks the images of a manifest. Most nodes use the same few images, so the last valid one is not checked again.
#[derive(Default)]
pub(super) struct Images<'d> {
    right: Option<&'d str>,
}

impl<'d> Images<'d> {
    pub(super) fn check(&mut self, image: &Text<'d>, problems: &mut Problems) {
        if self.right != Some(image.value) {
            let before = problems.count();
            self::image(image, problems);
            self.right = Some(image.value).filter(|_| problems.count() == before);
        }
    }
}

/// `[host[:port]/]path[:tag][@digest]`.
fn image(image: &Text<'_>, problems: &mut Problems) {
    let Text { value, at } = image;
    if let Some(why) = image_fault(value) {
        let message = format!("{} is not an image reference: {why}", quote(value));
        let problem = Problem::error("image-form", *at, message)
            .help("write it as `host/path:tag`, for example `konstellation/kre-py:1.29.0`");
        problems.push(match fixed(value) {
            Some(better) => problem.instead(*at, better),
            None => problem,
        });
        return;
    }
    let host = cut(value, b'/').map(|(first, _)| first);
    let is_word = |first: &&str| !has(first, b'.') && !has(first, b':') && *first != "localhost";
    let Some(first) = host.filter(is_word) else { return };
    if first.bytes().any(|byte| byte.is_ascii_uppercase()) {
        let message = format!(
            "{} in {} is read as a registry host, because image paths have no uppercase letters",
            quote(first),
            quote(value)
        );
        let better = value.replacen(first, &first.to_ascii_lowercase(), 1);
        let problem = Problem::warning("image-upper-case", *at, message).help(format!("write {}", quote(&better)));
        problems.push(problem.instead(*at, better));
    }
}

/// The image as a valid reference: without scheme and surrounding whitespace, or also with its path in lowercase. Tags
/// keep their case.
fn fixed(value: &str) -> Option<String> {
    let bare = value.trim().trim_start_matches("https://").trim_start_matches("http://");
    let path = bare.rfind('/').map_or(0, |at| at + 1);
    let end = bare[path..].find([':', '@']).map_or(bare.len(), |at| path + at);
    let (name, rest) = bare.split_at(end);
    let lower = format!("{}{rest}", name.to_ascii_lowercase());
    [bare.to_owned(), lower].into_iter().find(|better| better != value && image_fault(better).is_none())
}

fn has(word: &str, letter: u8) -> bool {
    word.bytes().any(|byte| byte == letter)
}
