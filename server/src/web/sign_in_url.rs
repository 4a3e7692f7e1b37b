//! URLs of the sign-in page, and the paths that it returns to.

use app::paths;

/// Maximum bytes of the path to return to after signing in. Escaping makes it at most three times as long, which is
/// still within the limit of URLs.
const LONGEST_NEXT: usize = 600;

/// The URL of the sign-in page that returns to this path of the console, or to the home page if the path is too long.
pub fn returning_to(next: &str) -> String {
    if next.len() > LONGEST_NEXT {
        return paths::SIGN_IN.to_owned();
    }
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{}?next={next}", paths::SIGN_IN)
}

/// The path and query of a sign-in link.
pub fn with_token(token: &str) -> String {
    format!("{}?token={token}", paths::SIGN_IN)
}

/// The path to go to after signing in, if it is on this console: `//host` and `/\host` lead to other sites.
pub fn own_path(next: &str) -> Option<&str> {
    let ours = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    (ours && next.chars().all(|c| c.is_ascii_graphic())).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_always_on_this_console() {
        for ours in ["/", "/runtimes/demo?archived=true"] {
            assert_eq!(own_path(ours), Some(ours));
        }
        for other in
            ["", "runtimes", "//evil.example", "/\\evil.example", "https://evil.example/", "/a\nb", "/ä", "/a b"]
        {
            assert_eq!(own_path(other), None, "{other}");
        }
    }

    #[test]
    fn the_way_back_is_escaped() {
        assert_eq!(returning_to("/audit?person=a&kind=b"), "/sign-in?next=%2Faudit%3Fperson%3Da%26kind%3Db");
    }
}
