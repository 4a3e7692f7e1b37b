//! What is wrong with a process, and whether it can be hoped to heal.

/// Whether something can heal by itself; the later, the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cluster) enum Healing {
    /// Often heals, as when a machine is added: only the deadline ends it.
    MayHeal,
    /// Rarely heals: given some patience.
    Hardly,
    /// It crashed; counted.
    Crashing,
    /// Cannot heal.
    Never,
}

/// What is wrong with one process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cluster) struct Trouble {
    pub(in crate::cluster) healing: Healing,
    /// In a few words, without a subject: "the image x cannot be pulled".
    pub(in crate::cluster) words: String,
    /// What a person can do about it, as a sentence.
    pub(in crate::cluster) advice: Option<&'static str>,
    /// What the cluster says of it, the newest first.
    pub(in crate::cluster) said: Vec<String>,
    /// How often it crashed.
    pub(in crate::cluster) crashes: i32,
    /// The pod to read the log of.
    pub(in crate::cluster) pod: Option<String>,
}

impl Trouble {
    pub(super) fn new(healing: Healing, words: impl Into<String>) -> Trouble {
        Trouble { healing, words: words.into(), advice: None, said: Vec::new(), crashes: 0, pod: None }
    }

    /// The same with one more thing that the cluster says, unless it says so already.
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
