//! Each kind of failure at each call of an action: the action is finished anyway. In a run of `make test` only the first
//! call of each action fails; a higher test effort goes on to later ones.

use futures::future::join_all;
use krt::lifecycle::{Action, Status};

use crate::outages::Stage;
use crate::proxy::{Failure, Fault};

const FAILURES: [Failure; 7] = [
    Failure::Status(403, "Forbidden"),
    Failure::Status(409, "Conflict"),
    Failure::Status(429, "TooManyRequests"),
    Failure::Status(500, "InternalError"),
    Failure::Status(503, "ServiceUnavailable"),
    Failure::RequestLost,
    Failure::ResponseLost,
];

const CYCLE: [(Action, Status); 4] = [
    (Action::Start, Status::Started),
    (Action::Publish, Status::Published),
    (Action::Unpublish, Status::Started),
    (Action::Stop, Status::Stopped),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_action_survives_each_failure_of_any_call() {
    let reached = join_all(FAILURES.map(survives)).await;
    assert!(reached.iter().all(|calls| *calls > 0), "nothing failed: {reached:?}");
}

/// Takes a version through its lifecycle, with the first call of each action failing, then with the second one, and so
/// on. Returns for how many calls there was an action that made so many.
async fn survives(failure: Failure) -> u32 {
    let stage = Stage::new().await;
    stage.console.upload("demo", "v1").await;
    for call in 0..testing::effort() {
        let mut has_failed = false;
        for (action, status) in CYCLE {
            stage.proxy.fault(Fault::Once(call, failure));
            stage.console.take(action, "demo", "v1").await;
            let version = stage.console.until_status("demo", "v1", status).await;
            assert_eq!(version.failure, None, "{action:?}, call {call}, {failure:?}");
            has_failed |= stage.proxy.is_over();
            stage.proxy.fault(Fault::None);
        }
        if !has_failed {
            return call;
        }
    }
    testing::effort()
}
