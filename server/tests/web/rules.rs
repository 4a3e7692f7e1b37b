//! The rule pages: for everyone, complete without scripts, with suggestions for unknown codes.

use krt::roles::Role;

use crate::app::TestApp;

#[tokio::test]
async fn every_rule_is_listed_and_has_a_page_with_its_examples() {
    let app = TestApp::start().await;
    let list = app.send(app.get("/rules")).await;
    list.is(200);
    // Exact HTML, because markers of the renderer would be visible in a title.
    assert!(list.body.contains("<title>Rules · KRT Console</title>"), "{}", list.body);
    assert!(!list.body.contains("<script"), "{}", list.body);
    for rule in krt::rules::ALL {
        let path = format!("/rules/{}", rule.code);
        assert!(list.body.contains(&format!("href=\"{path}\"")), "{} is not listed", rule.code);
        let page = app.send(app.get(&path)).await;
        page.is(200).says("Wrong").says("Right").says("How to fix");
        assert!(!page.body.contains('\u{202e}'), "{}", rule.code);
    }
    // The output of the check is shown below the wrong example.
    app.send(app.get("/rules/name-form")).await.says("error[name-form]: the workflow name `Greet_People` may");
}

#[tokio::test]
async fn the_list_can_be_searched_and_has_an_anchor_for_each_area() {
    let app = TestApp::start().await;
    let all = app.send(app.get("/rules")).await;
    all.is(200).says("href=\"#graph\"").says("id=\"graph\"").says("value=\"\"");
    assert!(!all.body.contains("Clear") && !all.body.contains("autofocus"), "{}", all.body);
    let found = app.send(app.get("/rules?q=Subscription++unknown")).await;
    found.is(200).says("href=\"/rules/subscription-unknown\"").says("value=\"Subscription  unknown\"").says("Clear");
    // The focus is above what was found.
    found.says("<h1 tabindex=\"-1\" autofocus>Rules</h1>");
    assert!(
        !found.body.contains("href=\"/rules/name-form\"") && !found.body.contains("id=\"values\""),
        "{}",
        found.body
    );
    // The search includes the text of the rule pages.
    app.send(app.get("/rules?q=registry")).await.is(200).says("href=\"/rules/image-form\"");
    let none = app.send(app.get("/rules?q=%3Cscript%3E%22+qqq")).await;
    none.is(200).says("No rules match.").says("value=\"&lt;script");
    assert!(!none.body.contains("<script"), "{}", none.body);
    app.send(app.get("/rules?q=subscription-unknwon")).await.is(200).says("href=\"/rules/subscription-unknown\"");
}

#[tokio::test]
async fn signed_in_users_see_the_full_top_bar_and_others_a_link_to_sign_in() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Viewer).await;
    for path in ["/rules", "/rules/name-form"] {
        let page = app.send(app.get(path).cookie(&cookie)).await;
        page.is(200).says("Sign out").says("href=\"/audit\"").says("href=\"/runtimes\"").says("aria-current=\"true\"");
        assert!(!page.body.contains("<script") && !page.body.contains("/runtimes/"), "{}", page.body);
        let page = app.send(app.get(path)).await;
        page.is(200).says("KRT Console").says("<a href=\"/sign-in?next=%2Frules\">Sign in</a>");
        assert!(!page.body.contains("Sign out") && !page.body.contains("/audit"), "{}", page.body);
    }
    app.send(app.get("/rules/nowhere").cookie(&cookie)).await.is(404).says("Sign out");
    // Other pages link to the rules.
    app.send(app.get("/runtimes").cookie(&cookie)).await.is(200).says("<a href=\"/rules\" rel=\"external\">Rules</a>");
}

#[tokio::test]
async fn an_unknown_code_suggests_similar_ones() {
    let app = TestApp::start().await;
    let page = app.send(app.get("/rules/subscription-unknwon")).await;
    page.is(404).says("No such rule").says("href=\"/rules/subscription-unknown\"");
    let page = app.send(app.get("/rules/%3Cscript%3E%00")).await;
    assert!(page.status == 404 && !page.body.contains("<script"), "{}", page.body);
}
