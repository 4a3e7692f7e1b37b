//! Forms without JavaScript: done once, and shown again with what was typed.

use krt::roles::Role;

use crate::app::TestApp;

#[tokio::test]
async fn a_runtime_is_created_once_however_often_its_form_is_sent() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Manager).await;
    let fields = [("name", "Demo"), ("id", "demo"), ("idempotency_key", "0123456789abcdef")];
    for _ in 0..2 {
        app.send(app.post("/runtimes/new").cookie(&cookie).form(&fields)).await.leads_to("/runtimes/demo");
    }
    assert_eq!(app.started.store.runtimes().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_refused_form_comes_back_with_what_was_typed_and_what_is_wrong() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Manager).await;
    let fields = [("name", "My <b>Demo</b>"), ("id", "No!"), ("description", "kept"), ("idempotency_key", "f1")];
    let answer = app.send(app.post("/runtimes/new").cookie(&cookie).form(&fields)).await;
    answer.is(422).says("My &lt;b&gt;Demo&lt;/b&gt;").says("value=\"No!\"").says(">kept</textarea>");
    answer.says("Only lower-case letters");
    let answer = app.send(app.post("/runtimes/new").cookie(&cookie).json().form(&fields)).await;
    assert_eq!(answer.is(422).data()["fields"][0]["field"], "id");
}

#[tokio::test]
async fn an_id_that_is_taken_is_said_beside_its_field() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    let cookie = app.cookie(Role::Manager).await;
    let fields = [("name", "Another"), ("id", "demo"), ("namespace", "another"), ("idempotency_key", "f1")];
    let answer = app.send(app.post("/runtimes/new").cookie(&cookie).json().form(&fields)).await;
    assert_eq!(answer.is(409).data()["fields"][0]["field"], "id");
    app.send(app.post("/runtimes/new").cookie(&cookie).form(&fields)).await.is(409).says("value=\"Another\"");
}

#[tokio::test]
async fn an_id_left_empty_is_made_from_the_name_and_stands_in_the_form_that_comes_back() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Manager).await;
    let fields = [("name", "Fraud Detection"), ("id", ""), ("namespace", ""), ("idempotency_key", "f1")];
    app.send(app.post("/runtimes/new").cookie(&cookie).form(&fields)).await.leads_to("/runtimes/fraud-detection");
    let fields = [("name", "Fraud detection!"), ("id", ""), ("namespace", ""), ("idempotency_key", "f2")];
    let answer = app.send(app.post("/runtimes/new").cookie(&cookie).form(&fields)).await;
    answer.is(409).says("value=\"fraud-detection\"").says("value=\"kre-fraud-detection\"");
}

#[tokio::test]
async fn an_action_that_the_status_does_not_allow_is_refused_in_the_table_s_words() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    app.version("demo", "v1").await;
    let cookie = app.cookie(Role::Manager).await;
    let fields = [("reason", "because I <can>"), ("idempotency_key", "f1")];
    let answer = app.send(app.post("/runtimes/demo/versions/v1/actions/publish").cookie(&cookie).form(&fields)).await;
    answer.is(409).says("start it first").says("because I &lt;can>");
    let answer = app.send(app.post("/runtimes/demo/versions/v1/actions/explode").cookie(&cookie).form(&fields)).await;
    answer.is(404);
}

#[tokio::test]
async fn configuration_is_set_by_its_form_and_an_action_asks_for_a_reason() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    app.version("demo", "v1").await;
    let cookie = app.cookie(Role::Manager).await;
    let start = "/runtimes/demo/versions/v1/actions/start";
    let configuration = "/runtimes/demo/versions/v1/configuration";
    let missing = app.send(app.post(start).cookie(&cookie).form(&[("reason", "x"), ("idempotency_key", "f1")])).await;
    missing.is(409).says("GREETING");
    let form =
        app.post(configuration).cookie(&cookie).form(&[("value:GREETING", "Hello, Ada"), ("idempotency_key", "f2")]);
    app.send(form).await.leads_to(configuration);
    app.send(app.get(configuration).cookie(&cookie)).await.is(200).says("GREETING");
    app.send(app.post(start).cookie(&cookie).form(&[("reason", " "), ("idempotency_key", "f3")])).await.is(422);
    let form = app.post(start).cookie(&cookie).form(&[("reason", "to greet"), ("idempotency_key", "f4")]);
    app.send(form).await.leads_to("/runtimes/demo/versions/v1");
    app.send(app.get("/audit").cookie(&cookie)).await.is(200).says("to greet");
}
