//! The pages of the rules: for everybody, complete without a script, and helpful where there is none.

use krt::roles::Role;

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
async fn the_list_is_asked_for_words_and_has_a_place_for_each_area() {
    let app = TestApp::start().await;
    let all = app.send(app.get("/rules")).await;
    all.is(200).says("href=\"#graph\"").says("id=\"graph\"").says("value=\"\"");
    assert!(!all.body.contains("Clear"), "{}", all.body);
    let found = app.send(app.get("/rules?q=Subscription++unknown")).await;
    found.is(200).says("href=\"/rules/subscription-unknown\"").says("value=\"Subscription  unknown\"").says("Clear");
    assert!(
        !found.body.contains("href=\"/rules/name-form\"") && !found.body.contains("id=\"values\""),
        "{}",
        found.body
    );
    // Words of a page find it, too: what is wrong with an image is told there.
    app.send(app.get("/rules?q=registry")).await.is(200).says("href=\"/rules/image-form\"");
    let none = app.send(app.get("/rules?q=%3Cscript%3E%22+qqq")).await;
    none.is(200).says("No rule has these words").says("value=\"&lt;script");
    assert!(!none.body.contains("<script"), "{}", none.body);
    app.send(app.get("/rules?q=subscription-unknwon")).await.is(200).says("href=\"/rules/subscription-unknown\"");
}

#[tokio::test]
async fn who_is_signed_in_sees_the_bar_of_all_pages_and_a_stranger_only_its_mark() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Viewer).await;
    for path in ["/rules", "/rules/name-form"] {
        let page = app.send(app.get(path).cookie(&cookie)).await;
        page.is(200).says("Sign out").says("href=\"/audit\"").says("href=\"/runtimes\"").says("aria-current=\"true\"");
        assert!(!page.body.contains("<script") && !page.body.contains("/runtimes/"), "{}", page.body);
        let page = app.send(app.get(path)).await;
        page.is(200).says("KRT Console");
        assert!(!page.body.contains("Sign out") && !page.body.contains("/audit"), "{}", page.body);
    }
    app.send(app.get("/rules/nowhere").cookie(&cookie)).await.is(404).says("Sign out");
    // Other pages lead there.
    app.send(app.get("/runtimes").cookie(&cookie)).await.is(200).says("<a href=\"/rules\" rel=\"external\">Rules</a>");
}

#[tokio::test]
async fn a_code_that_does_not_exist_is_answered_with_near_ones() {
    let app = TestApp::start().await;
    let page = app.send(app.get("/rules/subscription-unknwon")).await;
    page.is(404).says("No such rule").says("href=\"/rules/subscription-unknown\"");
    let page = app.send(app.get("/rules/%3Cscript%3E%00")).await;
    assert!(page.status == 404 && !page.body.contains("<script"), "{}", page.body);
}
