//! The KRT keys as an enum: the keys of a map are compared once, no matter how often they are looked up.

/// Generates the enum, the words and the conversions from one list.
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

            /// The key with this name.
            pub(crate) fn of(word: &str) -> Option<Key> {
                Some(match word {
                    $($name => Key::$key,)+
                    _ => return None,
                })
            }

            /// The name of the key as written.
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
