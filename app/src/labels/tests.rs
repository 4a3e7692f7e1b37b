//! The labels of every state that a version can be in.

use super::*;
use crate::model::{Failure, NodeLive, Timestamp};

fn live(status: Status, healths: &[Health]) -> VersionLive {
    let node = |health: &Health| NodeLive {
        workflow: "w".into(),
        node: "etl".into(),
        health: *health,
        ready: 0,
        wanted: 1,
        restarts: 0,
        reason: Some("pulling image".into()),
    };
    VersionLive {
        all: healths.len() as u32,
        well: healths.iter().filter(|health| **health == Health::Started).count() as u32,
        nodes: healths.iter().map(node).collect(),
        ..VersionLive::in_status(status)
    }
}

#[test]
fn a_badge_and_a_line_for_every_state() {
    use Health::{Error, Started, Starting};
    let mut said = Vec::new();
    let mut say = |live: &VersionLive| {
        let (tone, badge) = status(live);
        said.push(format!("{tone:?}: {badge} | {}", doing(live)));
    };
    say(&live(Status::Stopped, &[]));
    say(&live(Status::Starting, &[Started, Starting]));
    say(&live(Status::Started, &[Started, Started]));
    say(&live(Status::Published, &[Started, Error]));
    say(&live(Status::Publishing, &[Started]));
    say(&live(Status::Stopping, &[]));
    say(&live(Status::Archived, &[]));
    let mut failed = live(Status::Stopped, &[]);
    failed.failure = Some(Failure {
        at: Timestamp(0),
        action: Action::Start,
        chain: vec!["v1 did not start.".into(), "The image was not found. Check its name.".into()],
        process: None,
        last_lines: Vec::new(),
    });
    say(&failed);
    let mut unpublishing = live(Status::Published, &[Started]);
    unpublishing.situation.unpublishing = true;
    say(&unpublishing);
    assert_eq!(
        said,
        [
            "Quiet: Stopped | ready to start",
            "Busy: Starting · 1 of 2 | etl: pulling image",
            "Ok: Started | 2 of 2 ready",
            "Bad: Published, degraded | etl: pulling image",
            "Busy: Publishing | 1 of 1 ready",
            "Busy: Stopping | deleting its Kubernetes objects",
            "Quiet: Archived | package kept",
            "Bad: Stopped, last start failed | The image was not found.",
            "Busy: Unpublishing | 1 of 1 ready",
        ]
    );
}

#[test]
fn kinds_of_audit_entries_have_labels() {
    for (name, words) in
        [("create-runtime", "Runtime created"), ("publish", "Publish"), ("gone", "Stopped"), ("new", "new")]
    {
        assert_eq!(kind(name), words);
    }
}

#[test]
fn sizes_are_short() {
    let cases = [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1 KiB"),
        (1536, "1.5 KiB"),
        (32_400, "31 KiB"),
        ((1 << 20) + (1 << 19), "1.5 MiB"),
        (20 << 30, "20 GiB"),
        (u64::MAX, "16777216 TiB"),
    ];
    for (bytes, words) in cases {
        assert_eq!(size(bytes), words);
    }
}
