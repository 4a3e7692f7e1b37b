//! Why a version is unhealthy, as a chain of sentences from the failed action down to the cause.

use std::time::Duration;

use app::model::{Failure, Health, Timestamp};
use krt::lifecycle::Action;
use krt::manifest::ENTRYPOINT;

use super::Cluster;
use super::observation::Unhealthy;
use crate::state::{Runtime, Version};

/// Log lines kept with a failure: what fits on a screen beside its chain.
const LAST_LINES: i64 = 20;

/// Bytes of these lines; every tab of the version's page contains them.
const LAST_BYTES: usize = 16 * 1024;

/// Messages of the cluster kept for one process: more of them repeat each other.
const MESSAGES: usize = 3;

/// Why a start or publish failed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ending<'a> {
    /// The action took longer than this.
    Deadline(Duration),
    /// This process cannot recover.
    Hopeless(&'a Unhealthy),
}

impl Cluster {
    /// Describes the failure of an action from everything known now. Reads the log of the failed process, if there is
    /// one and the cluster responds.
    pub(crate) async fn diagnose(
        &self,
        runtime: &Runtime,
        version: &Version,
        action: Action,
        ending: Ending<'_>,
        last_error: Option<&str>,
    ) -> Failure {
        let unhealthy = self.unhealthy(runtime, version);
        let worst = match ending {
            Ending::Hopeless(hopeless) => Some(hopeless),
            Ending::Deadline(_) => unhealthy.iter().max_by_key(|one| (one.trouble.healing, one.trouble.crashes)),
        };
        let mut chain = vec![opening(version, action, ending)];
        let mut last_lines = Vec::new();
        if let Some(worst) = worst {
            let cause = sentence(&format!("{} {}", subject(&worst.workflow, &worst.node), worst.trouble.words));
            chain.push(worst.trouble.advice.map_or(cause.clone(), |advice| format!("{cause} {advice}")));
            chain.extend(worst.trouble.said.iter().take(MESSAGES).map(|said| sentence(said)));
            let pods = self.pods_of(version);
            let pod = pods.iter().find(|pod| pod.metadata.name == worst.trouble.pod);
            if let Some(pod) = pod
                && let Some(log) = self.log(runtime, pod, LAST_LINES, LAST_BYTES).await
            {
                last_lines = log.lines;
            }
            let process = |one: &Unhealthy| (one.workflow.clone(), one.node.clone());
            chain.extend(also(unhealthy.iter().map(process).filter(|one| *one != process(worst))));
        } else {
            chain.extend(self.waiting(runtime, version));
        }
        chain.extend(last_error.map(sentence));
        if let Some(unreachable) = self.0.seen.unreachable() {
            chain.push(sentence(&format!("the cluster cannot be read: {}", unreachable.why)));
        }
        Failure {
            at: Timestamp(jiff::Timestamp::now().as_millisecond()),
            action,
            chain,
            process: worst.map(|worst| (worst.workflow.clone(), worst.node.clone())),
            last_lines,
        }
    }

    /// What the processes that are not ready wait for; at most [`MESSAGES`] of them by name.
    fn waiting(&self, runtime: &Runtime, version: &Version) -> Vec<String> {
        let nodes = self.nodes(runtime, version);
        let waiting: Vec<_> = nodes.iter().filter(|node| node.health != Health::Started).collect();
        let named = waiting.iter().take(MESSAGES).map(|node| {
            let reason = node.reason.as_deref().unwrap_or("not ready");
            sentence(&format!("{}: {reason}", subject(&node.workflow, &node.node)))
        });
        let mut all: Vec<_> = named.collect();
        match waiting.len().saturating_sub(MESSAGES) {
            0 => {}
            1 => all.push("1 more process is not ready.".to_owned()),
            more => all.push(format!("{more} more processes are not ready.")),
        }
        all
    }
}

fn opening(version: &Version, action: Action, ending: Ending) -> String {
    let did = if action == Action::Publish { "could not be published" } else { "did not start" };
    match ending {
        Ending::Deadline(limit) => format!("{} {did} within {}.", version.name, period(limit)),
        Ending::Hopeless(_) => format!("{} {did}.", version.name),
    }
}

fn subject(workflow: &str, node: &str) -> String {
    if node == ENTRYPOINT { "the entrypoint".to_owned() } else { format!("node \"{node}\" (workflow {workflow})") }
}

/// The other unhealthy processes, in one sentence.
fn also(others: impl Iterator<Item = (String, String)>) -> Option<String> {
    let names: Vec<_> = others.map(|(workflow, node)| subject(&workflow, &node)).collect();
    (!names.is_empty()).then(|| format!("Also unhealthy: {}.", names.join(", ")))
}

/// The text with a capital first letter and a full stop.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let capital = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{capital}{}{stop}", letters.as_str())
}

/// A duration for people, as in "5 minutes".
fn period(length: Duration) -> String {
    let counted = |count: u64, unit: &str| if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") };
    match length.as_secs() {
        seconds if seconds >= 60 && seconds.is_multiple_of(60) => counted(seconds / 60, "minute"),
        seconds => counted(seconds, "second"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_names_a_process_in_the_same_way() {
        let process = |workflow: &str, node: &str| (workflow.to_owned(), node.to_owned());
        let others = [process("greeting", "greeter"), process(ENTRYPOINT, ENTRYPOINT)];
        let said = also(others.into_iter());
        assert_eq!(said.as_deref(), Some("Also unhealthy: node \"greeter\" (workflow greeting), the entrypoint."));
        assert_eq!(also(std::iter::empty()), None);
    }

    #[test]
    fn periods_and_sentences_read_well() {
        assert_eq!(period(Duration::from_secs(300)), "5 minutes");
        assert_eq!(period(Duration::from_secs(60)), "1 minute");
        assert_eq!(period(Duration::from_secs(90)), "90 seconds");
        assert_eq!(sentence("the entrypoint crashed once"), "The entrypoint crashed once.");
        assert_eq!(sentence("Back-off pulling image."), "Back-off pulling image.");
    }
}
