//! What is wrong with a process, and whether it may recover.

/// Whether a problem can resolve by itself; in ascending order of severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cluster) enum Healing {
    /// Often resolves, for example when a cluster node is added: only the deadline ends the wait.
    MayHeal,
    /// Rarely resolves: given a grace period.
    Rarely,
    /// The process crashed; crashes are counted.
    Crashing,
    /// Cannot resolve by itself.
    Never,
}

/// What is wrong with one process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cluster) struct Trouble {
    pub(in crate::cluster) healing: Healing,
    /// A predicate, without its subject: "cannot pull image x".
    pub(in crate::cluster) words: String,
    /// What to do, as a sentence.
    pub(in crate::cluster) advice: Option<&'static str>,
    /// The cluster's messages, newest first.
    pub(in crate::cluster) said: Vec<String>,
    /// Number of crashes.
    pub(in crate::cluster) crashes: i32,
    /// The pod to read the log of.
    pub(in crate::cluster) pod: Option<String>,
}

impl Trouble {
    pub(super) fn new(healing: Healing, words: impl Into<String>) -> Trouble {
        Trouble { healing, words: words.into(), advice: None, said: Vec::new(), crashes: 0, pod: None }
    }

    /// Adds a message of the cluster, unless it is there already.
    pub(super) fn saying(mut self, message: impl Into<String>) -> Trouble {
        let message = message.into();
        if !message.is_empty() && !self.said.contains(&message) {
            self.said.push(message);
        }
        self
    }

    pub(super) fn advising(self, advice: &'static str) -> Trouble {
        Trouble { advice: Some(advice), ..self }
    }

    pub(super) fn crashed(self, crashes: i32) -> Trouble {
        Trouble { crashes, ..self }
    }
}
