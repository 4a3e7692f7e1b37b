//! When an unhealthy process no longer counts as recoverable.

use std::time::{Duration, Instant};

use crate::cluster::{ClusterSettings, Outlook, Unhealthy};
use crate::reconcile::context::{VersionMemory, Wait, sooner};

/// The judgment of the unhealthy processes of a version.
pub(in crate::reconcile) enum Judgment<'a> {
    /// This process cannot recover.
    Hopeless(&'a Unhealthy),
    /// The first grace period ends after this time.
    Wait(Wait),
}

/// Judges by the outlook of each process, the number of its crashes, and how long it has been unhealthy.
pub(in crate::reconcile) fn judge<'a>(
    unhealthy: &'a [Unhealthy],
    memory: &mut VersionMemory,
    settings: &ClusterSettings,
    now: Instant,
) -> Judgment<'a> {
    let key = |one: &Unhealthy| (one.workflow.clone(), one.node.clone());
    memory.troubled.retain(|process, _| unhealthy.iter().any(|one| key(one) == *process));
    let mut wait = None;
    for one in unhealthy {
        let left = match one.outlook() {
            Outlook::MayHeal => {
                memory.troubled.remove(&key(one));
                continue;
            }
            Outlook::Never => Duration::ZERO,
            Outlook::Crashing(crashes) if crashes >= settings.crash_limit => Duration::ZERO,
            // Each crash is a change that triggers the next pass.
            Outlook::Crashing(_) => continue,
            Outlook::Rarely => {
                let since = *memory.troubled.entry(key(one)).or_insert(now);
                settings.grace_period.saturating_sub(now.duration_since(since))
            }
        };
        if left.is_zero() {
            return Judgment::Hopeless(one);
        }
        wait = sooner(wait, Some(left));
    }
    Judgment::Wait(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(outlook: Outlook, after: Duration) -> Option<Wait> {
        let settings = ClusterSettings::default();
        let unhealthy = [Unhealthy::with_outlook("greeting", "greeter", outlook)];
        let mut memory = VersionMemory::default();
        let start = Instant::now();
        judge(&unhealthy, &mut memory, &settings, start);
        match judge(&unhealthy, &mut memory, &settings, start + after) {
            Judgment::Hopeless(_) => None,
            Judgment::Wait(wait) => Some(wait),
        }
    }

    #[test]
    fn what_cannot_recover_fails_at_once_and_what_may_recover_is_left_to_the_deadline() {
        assert_eq!(check(Outlook::Never, Duration::ZERO), None);
        assert_eq!(check(Outlook::MayHeal, Duration::from_secs(1_000)), Some(None));
    }

    #[test]
    fn what_rarely_recovers_is_given_a_grace_period() {
        assert_eq!(check(Outlook::Rarely, Duration::from_secs(5)), Some(Some(Duration::from_secs(15))));
        assert_eq!(check(Outlook::Rarely, Duration::from_secs(20)), None);
    }

    #[test]
    fn crashes_are_counted() {
        assert_eq!(check(Outlook::Crashing(2), Duration::from_secs(1_000)), Some(None));
        assert_eq!(check(Outlook::Crashing(3), Duration::ZERO), None);
    }
}
