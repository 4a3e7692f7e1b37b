//! Saved logs.

use app::model::{NodeLog, Timestamp};
use krt::lifecycle::{Action, Event};

use super::fixture::{Fixture, START};

fn log(pod: &str, lines: usize) -> NodeLog {
    NodeLog {
        workflow: "greeting".to_owned(),
        node: "greet".to_owned(),
        pod: pod.to_owned(),
        saved_at: Timestamp(START),
        lines: (0..lines).map(|number| format!("line {number}")).collect(),
    }
}

#[tokio::test]
async fn the_last_thousand_lines_of_each_pod_are_kept_until_the_next_start() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    fixture.run("v1").await;
    let uid = fixture.row("v1").await.uid;
    fixture.store.save_logs(&uid, vec![log("a", 3), log("b", 1_200)]).await.unwrap();
    fixture.store.save_logs(&uid, vec![log("a", 5)]).await.unwrap();
    let saved = fixture.store.saved_logs(&uid).await.unwrap();
    let shape: Vec<_> = saved.iter().map(|log| (log.pod.as_str(), log.lines.len(), log.lines[0].as_str())).collect();
    assert_eq!(shape, [("a", 5, "line 0"), ("b", 1_000, "line 200")]);
    fixture.take(Action::Stop, "v1").await.unwrap();
    fixture.settle(Event::Gone, "v1").await;
    assert_eq!(fixture.store.saved_logs(&uid).await.unwrap().len(), 2);
    fixture.take(Action::Start, "v1").await.unwrap();
    assert_eq!(fixture.store.saved_logs(&uid).await.unwrap().len(), 0);
}

#[tokio::test]
async fn logs_of_a_version_that_does_not_exist_are_not_kept() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    fixture.store.save_logs("no such uid", vec![log("a", 3)]).await.unwrap();
    assert_eq!(fixture.store.saved_logs("no such uid").await.unwrap().len(), 0);
}
