//! Sign-in links, sessions, and requests without a session.

use krt::roles::Role;

use crate::app::{ORIGIN, TestApp};

#[tokio::test]
async fn a_link_signs_in_once_and_redirects_to_the_next_page() {
    let app = TestApp::start().await;
    let link = app.started.store.create_sign_in_link(app.started.administrator.id).await.unwrap();
    app.send(app.get(&format!("/sign-in?token={link}"))).await.is(200).says(&link);
    let form = [("token", link.as_str()), ("next", "/audit?kind=sign-in")];
    let answer = app.send(app.post("/sign-in").form(&form)).await;
    answer.leads_to("/audit?kind=sign-in");
    let cookie = answer.header("set-cookie").to_owned();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    app.send(app.get("/audit").cookie(cookie)).await.is(200).says("sign-in");
    app.send(app.post("/sign-in").form(&form)).await.is(422).says("used before");
    app.send(app.post("/sign-in").form(&[("token", "nonsense")])).await.is(422).says("not a sign-in link");
}

#[tokio::test]
async fn with_https_the_cookie_is_bound_to_the_host() {
    let app = TestApp::start_with(&["--public-url", "https://console.example.org"]).await;
    let link = app.started.store.create_sign_in_link(app.started.administrator.id).await.unwrap();
    let form = app.post("/sign-in").form(&[("token", &link)]).header("origin", "https://console.example.org");
    let answer = app.send(form.header("host", "console.example.org")).await;
    answer.leads_to("/");
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-krt-console-") && cookie.ends_with("; Secure"), "{cookie}");
}

#[tokio::test]
async fn signing_in_never_redirects_to_other_sites() {
    let app = TestApp::start().await;
    let link = app.started.store.create_sign_in_link(app.started.administrator.id).await.unwrap();
    let form = [("token", link.as_str()), ("next", "//evil.example/")];
    app.send(app.post("/sign-in").form(&form)).await.leads_to("/");
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Viewer).await;
    app.send(app.get("/runtimes").cookie(&cookie)).await.is(200);
    let answer = app.send(app.post("/sign-out").cookie(&cookie)).await;
    answer.leads_to("/sign-in");
    assert!(answer.header("set-cookie").contains("=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
    app.send(app.get("/runtimes").cookie(&cookie)).await.leads_to("/sign-in?next=%2Fruntimes");
}

#[tokio::test]
async fn without_a_session_pages_redirect_to_the_sign_in_page_and_back() {
    let app = TestApp::start().await;
    app.send(app.get("/audit?kind=start&person=ada"))
        .await
        .leads_to("/sign-in?next=%2Faudit%3Fkind%3Dstart%26person%3Dada");
    let answer = app.send(app.get("/events").header("accept", "text/event-stream")).await;
    assert_eq!(answer.is(401).data()["kind"], "signed-out");
    let answer = app.send(app.post("/api/list-runtimes").arguments(&serde_json::json!({}))).await;
    assert_eq!(answer.is(401).data()["kind"], "signed-out");
}

#[tokio::test]
async fn a_form_sent_after_the_end_of_its_session_is_shown_again() {
    let app = TestApp::start().await;
    let fields = [("name", "Fraud <detection>"), ("id", "fraud"), ("idempotency_key", "f1")];
    let answer = app.send(app.post("/runtimes/new").cookie("krt-console-x=old").form(&fields)).await;
    answer.is(401).says("Your session has ended").says("Fraud &lt;detection>");
    answer
        .says(r#"<form method="post" action="/runtimes/new" class="stacked">"#)
        .says(r#"name="idempotency_key" value="f1""#);
}

#[tokio::test]
async fn a_requested_link_is_printed_to_the_terminal_and_not_shown() {
    let app = TestApp::start().await;
    let answer = app.send(app.post("/sign-in/link")).await;
    answer.leads_to("/sign-in?printed=1");
    let printed = app.terminal.text();
    let token = printed.trim().rsplit_once("token=").unwrap().1.to_owned();
    assert!(printed.contains(&format!("{ORIGIN}/sign-in?token=")) && !answer.body.contains(&token), "{printed}");
    app.send(app.post("/sign-in").form(&[("token", &token)])).await.leads_to("/");
    // Anyone can request a link, so the rate is limited.
    app.send(app.post("/sign-in/link")).await.leads_to("/sign-in?printed=0");
    assert_eq!(app.terminal.text(), printed);
}

#[tokio::test]
async fn masked_values_are_kept_but_not_shown_after_the_session_ended() {
    let app = TestApp::start().await;
    let form = app
        .post("/runtimes/demo/versions/one/configuration")
        .form(&[("value:KEY", "s3cret"), ("idempotency_key", "f1")]);
    let answer = app.send(form).await;
    answer.is(401).says(r#"<input type="hidden" name="value:KEY" value="s3cret""#);
    assert!(!answer.body.contains("<textarea"), "{}", answer.body);
}

#[tokio::test]
async fn a_form_too_long_to_show_again_is_sent_again_by_the_browser() {
    let app = TestApp::start().await;
    let long = "s3cret".repeat(10_000);
    let configuration = "/runtimes/demo/versions/one/configuration";
    for value in [&long[..3_000], &long] {
        let answer = app.send(app.post(configuration).form(&[("value:KEY", value)])).await;
        answer.is(401).says("reload this page and confirm");
        assert!(!answer.body.contains("s3cret"), "{}", answer.body);
    }
}
