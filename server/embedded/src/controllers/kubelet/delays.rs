//! How long each step takes. The times of a pod are always the same; different pods are staggered.

use std::collections::HashSet;

use jiff::SignedDuration;
use serde_json::Value;

use super::image::{self, Behavior};
use super::stage::Stage;
use crate::meta;
use crate::random;

/// Startup time of `sim-slow`.
const SLOW: SignedDuration = SignedDuration::from_secs(30);

/// Time a deleted pod takes to stop; real processes may take up to their grace period.
const STOPPING: SignedDuration = SignedDuration::from_millis(300);

/// Crash loops wait 10 s, doubled each time, at most 5 minutes (Kubernetes: "Pod Lifecycle", container restarts).
const FIRST_BACK_OFF: i64 = 10;
const LONGEST_BACK_OFF: i64 = 300;

/// The delay before the step is taken.
pub fn before(pod: &Value, part: &str, stage: &Stage, images: &HashSet<String>) -> SignedDuration {
    let image = image::of(pod, part).unwrap_or_default();
    match stage {
        Stage::Schedule => between(pod, "schedule", 10, 250),
        Stage::Ending => match pod["metadata"]["deletionGracePeriodSeconds"].as_i64() {
            Some(0) => SignedDuration::ZERO,
            _ => STOPPING,
        },
        Stage::Start { restarts: 0 } => {
            let pull = if images.contains(image) { between(pod, part, 60, 240) } else { between(pod, part, 150, 600) };
            if image::behavior(image) == Behavior::Slow { SLOW } else { pull }
        }
        Stage::Start { restarts } => back_off(*restarts - 1),
        Stage::PullFails { again: false } => between(pod, part, 200, 500),
        Stage::PullFails { again: true } => SignedDuration::from_secs(FIRST_BACK_OFF * 2),
        Stage::PullBackOff => SignedDuration::from_millis(600),
        Stage::Complete => between(pod, part, 100, 300),
        Stage::Ready => probe_delay(pod, part) + between(pod, "ready", 100, 400),
        Stage::Crash { .. } => between(pod, "crash", 1_100, 1_500),
    }
}

/// The delay before the kubelet looks for a missing Secret or ConfigMap again.
pub fn retry(tries: u32) -> SignedDuration {
    SignedDuration::from_millis(500 * 2_i64.pow(tries.min(6)))
}

fn back_off(crashes: i64) -> SignedDuration {
    let doubled = u32::try_from(crashes.clamp(0, 5)).unwrap_or(0);
    SignedDuration::from_secs((FIRST_BACK_OFF * 2_i64.pow(doubled)).min(LONGEST_BACK_OFF))
}

fn probe_delay(pod: &Value, part: &str) -> SignedDuration {
    let containers = pod["spec"]["containers"].as_array().into_iter().flatten();
    let container = containers.into_iter().find(|one| one["name"] == part);
    let seconds = container.and_then(|one| one["readinessProbe"]["initialDelaySeconds"].as_i64()).unwrap_or(0);
    SignedDuration::from_secs(seconds)
}

/// A pod-specific delay between two bounds in milliseconds.
fn between(pod: &Value, what: &str, least: i64, most: i64) -> SignedDuration {
    let span = u64::try_from(most - least).unwrap_or(1).max(1);
    let own = random::hash(&format!("{}/{what}", meta::uid(pod))) % span;
    SignedDuration::from_millis(least + i64::try_from(own).unwrap_or(0))
}
