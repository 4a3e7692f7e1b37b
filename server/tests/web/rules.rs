//! The pages of the rules: for everybody, complete without a script, and helpful where there is none.

use crate::app::TestApp;

#[tokio::test]
async fn every_rule_is_listed_and_has_a_page_with_its_examples() {
    let app = TestApp::start().await;
    let list = app.send(app.get("/rules")).await;
    list.is(200);
    // As it is written: a mark of the renderer would be seen in a title.
    assert!(list.body.contains("<title>Rules · KRT Console</title>"), "{}", list.body);
    assert!(!list.body.contains("<script"), "{}", list.body);
    for rule in krt::rules::ALL {
        let path = format!("/rules/{}", rule.code);
        assert!(list.body.contains(&format!("href=\"{path}\"")), "{} is not listed", rule.code);
        let page = app.send(app.get(&path)).await;
        page.is(200).says("Wrong").says("Right").says("How to mend it");
        assert!(!page.body.contains('\u{202e}'), "{}", rule.code);
    }
    // The very words of the check stand below the wrong example.
    app.send(app.get("/rules/name-form")).await.says("error[name-form]: the workflow name `Greet_People` may");
}

#[tokio::test]
async fn a_code_that_does_not_exist_is_answered_with_near_ones() {
    let app = TestApp::start().await;
    let page = app.send(app.get("/rules/subscription-unknwon")).await;
    page.is(404).says("No such rule").says("href=\"/rules/subscription-unknown\"");
    let page = app.send(app.get("/rules/%3Cscript%3E%00")).await;
    assert!(page.status == 404 && !page.body.contains("<script"), "{}", page.body);
}
