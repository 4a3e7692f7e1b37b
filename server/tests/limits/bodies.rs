//! What is sent in a body, how much of it comes back, and what it costs: for every route and everybody.

use crate::console::{Console, MIB};
use crate::routes;
use crate::worst::worst_bodies;

/// The most bytes of a page.
const PAGE: usize = 1_000_000;

#[test]
fn no_body_costs_much_on_any_route_and_little_of_it_comes_back() {
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
