//! What is sent in a body, how much of it comes back, and what it costs: for every route and everybody.

use server::web::Route;

use crate::console::{Console, FORM, MIB};
use crate::routes;

/// The most bytes of a page.
const PAGE: usize = 1_000_000;

/// What may be sent to a route in so many bytes, with a name for it: the kind of body, and the body.
fn worst_bodies(route: &Route, bytes: usize) -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let fill = |begin: &str, piece: &str, end: &str| -> Vec<u8> {
        let times = bytes.saturating_sub(begin.len() + end.len()) / piece.len();
        [begin, &piece.repeat(times), end].concat().into_bytes()
    };
    if route.path.starts_with("/api/") {
        return vec![
            ("tiny values", "application/json", fill(r#"{"values":["#, r#"["",""],"#, r#"["",""]]}"#)),
            ("tiny keys", "application/json", fill("{", r#""a":0,"#, r#""a":0}"#)),
            ("brackets", "application/json", fill("", "[", "")),
            ("one huge value", "application/json", fill(r#"{"runtime":""#, "x", r#""}"#)),
        ];
    }
    if route.most_bytes.is_none() {
        let kind = "multipart/form-data; boundary=limit";
        let head = "--limit\r\nContent-Disposition: form-data; name=\"reason\"\r\n\r\n";
        let field = "--limit\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n";
        return vec![
            ("tiny parts", kind, fill("", field, "--limit--\r\n")),
            ("one huge part", kind, fill(head, "x", "\r\n--limit--\r\n")),
            ("no boundary", kind, fill("", "\r\n-", "")),
            ("an endless part header", kind, fill("--limit\r\nX-A: ", "x", "")),
        ];
    }
    vec![
        ("tiny fields", FORM, fill("", "a&", "")),
        ("tiny values of a declared beginning", FORM, fill("", "value:a&", "")),
        ("one huge field", FORM, fill("reason=", "%22", "")),
    ]
}

#[test]
fn no_body_costs_much_on_any_route_and_little_of_it_comes_back() {
    let routes = routes::all();
    let console = Console::start();
    let admin = console.sign_in();
    let fields = "id=demo&name=Demo&description=&namespace=kre-demo&form=f1";
    assert_eq!(console.post("/runtimes/new", &admin, fields).expect("an answer").status, 303);
    let callers =
        [("nobody", String::new()), ("viewer", console.cookie_of("viewer")), ("manager", console.cookie_of("manager"))];
    let plain_page = console.get("/sign-in", "").expect("an answer").body.len();

    let mut complaints = Vec::new();
    for route in &routes {
        let path = routes::path(route);
        // Without a limit that it can say: as much as is read away.
        let bytes = route.most_bytes.unwrap_or(8 * MIB as usize);
        for (who, cookie) in callers.iter().filter(|(who, _)| *who == "nobody" || path != "/events") {
            for (what, kind, body) in worst_bodies(route, bytes) {
                let case = format!("{} {path} with {what}, {who}", route.method);
                console.forget_peak();
                let before = console.resident();
                let request = format!("{} {path}", route.method);
                let Some(answer) = console.send(&request, cookie, kind, &body) else {
                    complaints.push(format!("{case}: no answer"));
                    continue;
                };
                let above = console.peak().saturating_sub(before);
                // The list of rules is the same for all, whatever is sent.
                let most = if *who == "nobody" && path != "/rules" { 4 * plain_page } else { PAGE };
                if answer.body.len() > most {
                    complaints.push(format!("{case}: {} bytes come back, at most {most} may", answer.body.len()));
                }
                if above > 32 * MIB {
                    complaints.push(format!("{case}: {} MiB of memory", above / MIB));
                }
                if answer.status >= 500 {
                    complaints.push(format!("{case}: {}", answer.status));
                }
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn a_strangers_form_of_tiny_fields_costs_little_and_comes_back_short() {
    let console = Console::start();
    let plain_page = console.get("/sign-in", "").expect("an answer").body.len();
    for (path, size) in [("/runtimes/new", 64 * 1024), ("/runtimes/demo/versions/v1/configuration", 3 * 1024 * 1024)] {
        console.forget_peak();
        let before = console.resident();
        let answer = console.post(path, "", &"a&".repeat(size / 2)).expect("an answer");
        let above = console.peak().saturating_sub(before);
        assert!(answer.body.len() <= 4 * plain_page, "{path}: {} bytes come back", answer.body.len());
        assert!(above <= 32 * MIB, "{path}: {} MiB of memory", above / MIB);
    }
}

#[test]
fn an_address_of_many_bytes_comes_back_short() {
    let console = Console::start();
    let plain_page = console.get("/sign-in", "").expect("an answer").body.len();
    let long = "%22".repeat(9_000);
    for path in ["/sign-in?next=/", "/sign-in?token=", "/nowhere/", "/rules/", "/runtimes?", "/healthz?"] {
        let answer = console.get(&format!("{path}{long}"), "").expect("an answer");
        assert!(answer.body.len() <= 4 * plain_page, "{path}: {} bytes come back", answer.body.len());
        assert!(answer.head.len() <= 8 * 1024, "{path}: a head of {} bytes", answer.head.len());
    }
}
