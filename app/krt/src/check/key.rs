//! The keys of KRT, known by number: those of a map are compared once, however often it is asked for them.

/// From one list of them: the numbers, the words, and the way from one to the other.
macro_rules! keys {
    ($($key:ident = $name:literal,)+) => {
        /// A key of a manifest, a workflow, a node or one of their parts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Key {
            $($key,)+
        }

        impl Key {
            /// How many keys there are.
            pub(crate) const COUNT: usize = [$($name),+].len();

            /// The key that a word is.
            pub(crate) fn of(word: &str) -> Option<Key> {
                Some(match word {
                    $($name => Key::$key,)+
                    _ => return None,
                })
            }

            /// As it is written.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Key::$key => $name,)+
                }
            }
        }
    };
}

keys! {
    Config = "config",
    Description = "description",
    Entrypoint = "entrypoint",
    Exitpoint = "exitpoint",
    Files = "files",
    Gpu = "gpu",
    Image = "image",
    KrtVersion = "krtVersion",
    Name = "name",
    Nodes = "nodes",
    ObjectStore = "objectStore",
    Proto = "proto",
    Replicas = "replicas",
    Scope = "scope",
    Sequential = "sequential",
    Src = "src",
    Subscriptions = "subscriptions",
    Variables = "variables",
    Version = "version",
    Workflows = "workflows",
}
