//! The cost of request bodies, and how much of them the response contains: for every route and every role.

use crate::console::{Console, MIB};
use crate::routes;
use crate::worst::worst_bodies;

/// Maximum bytes of a page.
const PAGE: usize = 1_000_000;

#[test]
fn no_body_costs_much_on_any_route_and_responses_are_short() {
    let routes = routes::all();
    let console = Console::start();
    let admin = console.sign_in();
    let fields = "id=demo&name=Demo&description=&namespace=kre-demo&idempotency_key=f1";
    assert_eq!(console.post("/runtimes/new", &admin, fields).expect("an answer").status, 303);
    let callers = [
        ("nobody", String::new()),
        ("viewer", console.cookie_of("viewer")),
        ("manager", console.cookie_of("manager")),
        ("admin", admin),
    ];
    let plain_page = console.get("/sign-in", "").expect("an answer").body.len();

    let mut complaints = Vec::new();
    for route in &routes {
        let path = routes::path(route);
        // A route that streams declares no limit: as many bytes as are discarded.
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
                // The list of rules is the same for everyone, regardless of the request.
                let most = if *who == "nobody" && path != "/rules" { 4 * plain_page } else { PAGE };
                if answer.body.len() > most {
                    complaints.push(format!("{case}: {} bytes returned, the limit is {most}", answer.body.len()));
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
fn a_strangers_form_of_tiny_fields_costs_little_and_gets_a_short_response() {
    let console = Console::start();
    let plain_page = console.get("/sign-in", "").expect("an answer").body.len();
    for (path, size) in [("/runtimes/new", 64 * 1024), ("/runtimes/demo/versions/v1/configuration", 3 * 1024 * 1024)] {
        console.forget_peak();
        let before = console.resident();
        let answer = console.post(path, "", &"a&".repeat(size / 2)).expect("an answer");
        let above = console.peak().saturating_sub(before);
        assert!(answer.body.len() <= 4 * plain_page, "{path}: {} bytes returned", answer.body.len());
        assert!(above <= 32 * MIB, "{path}: {} MiB of memory", above / MIB);
    }
}

#[test]
fn a_long_url_gets_a_short_response() {
    let console = Console::start();
    let plain_page = console.get("/sign-in", "").expect("an answer").body.len();
    let long = "%22".repeat(9_000);
    for path in ["/sign-in?next=/", "/sign-in?token=", "/nowhere/", "/rules/", "/runtimes?", "/healthz?"] {
        let answer = console.get(&format!("{path}{long}"), "").expect("an answer");
        assert!(answer.body.len() <= 4 * plain_page, "{path}: {} bytes returned", answer.body.len());
        assert!(answer.head.len() <= 8 * 1024, "{path}: a head of {} bytes", answer.head.len());
    }
}
