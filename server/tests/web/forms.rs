//! Forms without JavaScript: executed once, and shown again with the submitted values after an error.

use krt::roles::Role;

use crate::app::TestApp;

#[tokio::test]
async fn a_form_that_is_sent_repeatedly_creates_one_runtime() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Manager).await;
    let fields = [("name", "Demo"), ("id", "demo"), ("idempotency_key", "0123456789abcdef")];
    for _ in 0..2 {
        app.send(app.post("/runtimes/new").cookie(&cookie).form(&fields)).await.leads_to("/runtimes/demo");
    }
    assert_eq!(app.started.store.runtimes().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_rejected_form_returns_with_the_submitted_values_and_errors() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Manager).await;
    let fields = [("name", "My <b>Demo</b>"), ("id", "No!"), ("description", "kept"), ("idempotency_key", "f1")];
    let answer = app.send(app.post("/runtimes/new").cookie(&cookie).form(&fields)).await;
    answer.is(422).says("My &lt;b&gt;Demo&lt;/b&gt;").says("value=\"No!\"").says(">kept</textarea>");
    answer.says("Use only lowercase letters");
    let answer = app.send(app.post("/runtimes/new").cookie(&cookie).json().form(&fields)).await;
    assert_eq!(answer.is(422).data()["fields"][0]["field"], "id");
}

#[tokio::test]
async fn an_id_in_use_is_reported_at_its_field() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    let cookie = app.cookie(Role::Manager).await;
    let fields = [("name", "Another"), ("id", "demo"), ("namespace", "another"), ("idempotency_key", "f1")];
    let answer = app.send(app.post("/runtimes/new").cookie(&cookie).json().form(&fields)).await;
    assert_eq!(answer.is(409).data()["fields"][0]["field"], "id");
    app.send(app.post("/runtimes/new").cookie(&cookie).form(&fields)).await.is(409).says("value=\"Another\"");
}

#[tokio::test]
async fn an_empty_id_is_derived_from_the_name_and_is_in_the_returned_form() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Manager).await;
    let fields = [("name", "Fraud Detection"), ("id", ""), ("namespace", ""), ("idempotency_key", "f1")];
    app.send(app.post("/runtimes/new").cookie(&cookie).form(&fields)).await.leads_to("/runtimes/fraud-detection");
    let fields = [("name", "Fraud detection!"), ("id", ""), ("namespace", ""), ("idempotency_key", "f2")];
    let answer = app.send(app.post("/runtimes/new").cookie(&cookie).form(&fields)).await;
    answer.is(409).says("value=\"fraud-detection\"").says("value=\"kre-fraud-detection\"");
}

#[tokio::test]
async fn an_action_that_the_status_does_not_allow_is_rejected_with_the_reason_of_the_table() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    app.version("demo", "v1").await;
    let cookie = app.cookie(Role::Manager).await;
    let fields = [("reason", "because I <can>"), ("idempotency_key", "f1")];
    let answer = app.send(app.post("/runtimes/demo/versions/v1/actions/publish").cookie(&cookie).form(&fields)).await;
    answer.is(409).says("start the version first").says("because I &lt;can>");
    let answer = app.send(app.post("/runtimes/demo/versions/v1/actions/explode").cookie(&cookie).form(&fields)).await;
    answer.is(404);
}

#[tokio::test]
async fn a_value_that_contradicts_its_box_is_an_error_and_nothing_is_lost() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    app.version("demo", "v1").await;
    let cookie = app.cookie(Role::Manager).await;
    let configuration = "/runtimes/demo/versions/v1/configuration";
    let page = app.send(app.get(configuration).cookie(&cookie)).await;
    page.is(200).says("name=\"keep-empty:GREETING\" value=\"ticked\">").says("1 value missing");
    let fields = [("value:GREETING", "Hello, Ada"), ("keep-empty:GREETING", "ticked")];
    let answer = app.send(app.post(configuration).cookie(&cookie).form(&fields)).await;
    answer.is(422).says("not both").says("value=\"Hello, Ada\"").says("value=\"ticked\" checked");
    app.send(app.get(configuration).cookie(&cookie)).await.is(200).says("1 value missing");
}

#[tokio::test]
async fn configuration_is_set_with_its_form_and_an_action_needs_a_reason() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    app.version("demo", "v1").await;
    let cookie = app.cookie(Role::Manager).await;
    let start = "/runtimes/demo/versions/v1/actions/start";
    let configuration = "/runtimes/demo/versions/v1/configuration";
    let missing = app.send(app.post(start).cookie(&cookie).form(&[("reason", "x"), ("idempotency_key", "f1")])).await;
    missing.is(409).says("GREETING");
    // The reason why not leads to the field.
    let version = app.send(app.get("/runtimes/demo/versions/v1").cookie(&cookie)).await;
    version
        .is(200)
        .says("<a href=\"/runtimes/demo/versions/v1/configuration#value-GREETING\">set these first: GREETING</a>");
    let form =
        app.post(configuration).cookie(&cookie).form(&[("value:GREETING", "Hello, Ada"), ("idempotency_key", "f2")]);
    app.send(form).await.leads_to(configuration);
    app.send(app.get(configuration).cookie(&cookie)).await.is(200).says("GREETING");
    app.send(app.post(start).cookie(&cookie).form(&[("reason", " "), ("idempotency_key", "f3")])).await.is(422);
    let form = app.post(start).cookie(&cookie).form(&[("reason", "to greet"), ("idempotency_key", "f4")]);
    app.send(form).await.leads_to("/runtimes/demo/versions/v1");
    app.send(app.get("/audit").cookie(&cookie)).await.is(200).says("to greet");
}
