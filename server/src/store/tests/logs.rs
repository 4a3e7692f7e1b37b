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
    let saved = fixture.store.saved_logs(&uid, 0, 10, |_| ()).await.unwrap().0;
    let shape: Vec<_> = saved.iter().map(|log| (log.pod.as_str(), log.lines.len(), log.lines[0].as_str())).collect();
    assert_eq!(shape, [("a", 5, "line 0"), ("b", 1_000, "line 200")]);
    fixture.take(Action::Stop, "v1").await.unwrap();
    fixture.record(Event::Gone, "v1").await;
    assert_eq!(fixture.store.saved_logs(&uid, 0, 10, |_| ()).await.unwrap().1, 2);
    fixture.take(Action::Start, "v1").await.unwrap();
    assert_eq!(fixture.store.saved_logs(&uid, 0, 10, |_| ()).await.unwrap().1, 0);
}

#[tokio::test]
async fn logs_of_a_version_that_does_not_exist_are_not_kept() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    fixture.store.save_logs("no such uid", vec![log("a", 3)]).await.unwrap();
    assert_eq!(fixture.store.saved_logs("no such uid", 0, 10, |_| ()).await.unwrap().1, 0);
}

#[tokio::test]
async fn long_lines_and_long_logs_are_truncated_before_storing_and_read_in_pages() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    let uid = fixture.row("v1").await.uid;
    let mut long = log("a", 0);
    long.lines = vec!["x".repeat(1_000_000); 100];
    fixture.store.save_logs(&uid, vec![long, log("b", 1), log("c", 1)]).await.unwrap();
    let (page, total) = fixture.store.saved_logs(&uid, 0, 2, |_| ()).await.unwrap();
    assert_eq!((page.len(), total), (2, 3));
    let kept: usize = page[0].lines.iter().map(String::len).sum();
    assert!((200_000..=crate::store::LONGEST_LOG).contains(&kept), "{kept}");
    let (page, _) = fixture.store.saved_logs(&uid, 2, 2, |log| log.lines.clear()).await.unwrap();
    assert_eq!((page[0].pod.as_str(), page[0].lines.len()), ("c", 0));
}
