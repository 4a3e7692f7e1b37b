//! The keys of KRT, known by number: those of a map are compared once, however often it is asked for them.

/// A key of a manifest, a workflow, a node or one of their parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Config,
    Description,
    Entrypoint,
    Exitpoint,
    Files,
    Gpu,
    Image,
    KrtVersion,
    Name,
    Nodes,
    ObjectStore,
    Proto,
    Replicas,
    Scope,
    Sequential,
    Src,
    Subscriptions,
    Variables,
    Version,
    Workflows,
}

impl Key {
    /// How many keys there are.
    pub(crate) const COUNT: usize = Key::Workflows as usize + 1;

    /// The key that a word is.
    pub(crate) fn of(word: &str) -> Option<Key> {
        Some(match word {
            "config" => Key::Config,
            "description" => Key::Description,
            "entrypoint" => Key::Entrypoint,
            "exitpoint" => Key::Exitpoint,
            "files" => Key::Files,
            "gpu" => Key::Gpu,
            "image" => Key::Image,
            "krtVersion" => Key::KrtVersion,
            "name" => Key::Name,
            "nodes" => Key::Nodes,
            "objectStore" => Key::ObjectStore,
            "proto" => Key::Proto,
            "replicas" => Key::Replicas,
            "scope" => Key::Scope,
            "sequential" => Key::Sequential,
            "src" => Key::Src,
            "subscriptions" => Key::Subscriptions,
            "variables" => Key::Variables,
            "version" => Key::Version,
            "workflows" => Key::Workflows,
            _ => return None,
        })
    }

    /// As it is written.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Key::Config => "config",
            Key::Description => "description",
            Key::Entrypoint => "entrypoint",
            Key::Exitpoint => "exitpoint",
            Key::Files => "files",
            Key::Gpu => "gpu",
            Key::Image => "image",
            Key::KrtVersion => "krtVersion",
            Key::Name => "name",
            Key::Nodes => "nodes",
            Key::ObjectStore => "objectStore",
            Key::Proto => "proto",
            Key::Replicas => "replicas",
            Key::Scope => "scope",
            Key::Sequential => "sequential",
            Key::Src => "src",
            Key::Subscriptions => "subscriptions",
            Key::Variables => "variables",
            Key::Version => "version",
            Key::Workflows => "workflows",
        }
    }
}
