//! Every rule by its code: the one list that pages, the command line and tests go by.
//!
//! The checks themselves are in [`crate::check`] and [`crate::package`]; a test holds their codes against this list.

use crate::diagnostic::Severity;

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// The file's encoding and its YAML.
    Text,
    /// Which format it is, keys and the types of their values.
    Form,
    /// Names, images, paths, numbers.
    Values,
    /// Variables and files that a version asks for.
    Config,
    /// Workflows, nodes and who listens to whom.
    Graph,
    /// What meets in a cluster or its broker.
    Cluster,
    /// The archive around the manifest, and what its members say.
    Package,
}

impl Area {
    /// As a part of addresses.
    pub fn id(self) -> &'static str {
        match self {
            Area::Text => "text",
            Area::Form => "form",
            Area::Values => "values",
            Area::Config => "config",
            Area::Graph => "graph",
            Area::Cluster => "cluster",
            Area::Package => "package",
        }
    }

    /// All areas, in the order in which lists show them.
    pub const ALL: &[Area] =
        &[Area::Text, Area::Form, Area::Values, Area::Config, Area::Graph, Area::Cluster, Area::Package];

    /// As a heading.
    pub fn title(self) -> &'static str {
        match self {
            Area::Text => "Text and YAML",
            Area::Form => "Format, keys and types",
            Area::Values => "Values",
            Area::Config => "Configuration",
            Area::Graph => "Workflows and nodes",
            Area::Cluster => "Names in the cluster",
            Area::Package => "The package",
        }
    }
}

/// One rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable, kebab-case, area first.
    pub code: &'static str,
    pub area: Area,
    /// How bad it is when the rule is broken; the same in every diagnostic with this code.
    pub severity: Severity,
    /// One line: what the rule demands or what was found.
    pub title: &'static str,
}

/// The rule of a code.
pub fn find(code: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.code == code)
}

const fn error(area: Area, code: &'static str, title: &'static str) -> Rule {
    Rule { code, area, severity: Severity::Error, title }
}

const fn warning(area: Area, code: &'static str, title: &'static str) -> Rule {
    Rule { code, area, severity: Severity::Warning, title }
}

const fn hint(area: Area, code: &'static str, title: &'static str) -> Rule {
    Rule { code, area, severity: Severity::Hint, title }
}

use Area::{Cluster, Config, Form, Graph, Package, Text, Values};

/// All rules, by area, each code once.
pub const ALL: &[Rule] = &[
    // Text
    error(Text, "manifest-binary", "The manifest is a text file"),
    error(Text, "manifest-encoding", "The manifest is encoded as UTF-8"),
    error(Text, "manifest-too-large", "The manifest has at most 2 MiB"),
    error(Text, "yaml-syntax", "The manifest is valid YAML"),
    error(Text, "yaml-conflict", "No conflict marker of git is left in the text"),
    error(Text, "yaml-documents", "The manifest is one YAML document"),
    error(Text, "yaml-version", "The `%YAML` line names a version that exists"),
    error(Text, "yaml-control", "The text has no control characters"),
    error(Text, "yaml-key-duplicate", "A map has each key once"),
    error(Text, "yaml-key-form", "A key is a word"),
    error(Text, "yaml-merge", "Only maps are merged with `<<`"),
    error(Text, "yaml-alias-loop", "No alias stands inside the value that it refers to"),
    error(Text, "yaml-too-deep", "Values nest at most 200 levels deep"),
    error(Text, "yaml-too-large", "The manifest has at most 400,000 values"),
    warning(Text, "text-direction", "No character reverses the direction of writing"),
    hint(Text, "more-problems", "More problems than are shown"),
    // Form
    error(Form, "manifest-empty", "The manifest says something"),
    error(Form, "manifest-foreign", "The file is a KRT manifest, not another tool's"),
    error(Form, "manifest-old", "The manifest and its entrypoint are maps, not the lists of before v1"),
    error(Form, "kai-manifest", "The manifest is a KRT, not a KAI product"),
    error(Form, "format-unknown", "`krtVersion` is `v1` or `v2`"),
    error(Form, "format-missing", "A manifest in the form of v2 says `krtVersion: v2`"),
    error(Form, "format-mismatch", "`krtVersion` fits the form of the manifest"),
    error(Form, "key-missing", "Every required key is there"),
    error(Form, "key-empty", "Every required key has a value"),
    error(Form, "key-of-other-format", "A manifest has no keys of the other format that would be ignored"),
    warning(Form, "key-unknown", "Every key means something"),
    error(Form, "value-type", "Every value is of its key's type"),
    error(Form, "value-empty", "No item of a list is empty"),
    warning(Form, "value-not-text", "Text that looks like something else is quoted"),
    error(Form, "convert-unsafe", "A manifest can be converted to v2 without a loss"),
    // Values
    error(Values, "name-form", "Names have lower-case letters, digits and inner dashes"),
    error(Values, "name-length", "Names have at most 19 characters"),
    error(Values, "version-reserved", "A version is not called like a part of the platform"),
    warning(Values, "version-first-letter", "The version's name begins with a letter"),
    warning(Values, "description-blank", "The description says something"),
    warning(Values, "description-long", "The description has at most 2,000 characters"),
    error(Values, "description-too-long", "The description has at most 20,000 characters"),
    error(Values, "image-form", "An image is a reference that a cluster can pull"),
    warning(Values, "image-upper-case", "An image's path is in lower case"),
    error(Values, "path-absolute", "Paths are relative to the package's root"),
    error(Values, "path-outside", "Paths stay inside the package"),
    error(Values, "path-folder", "Paths name files"),
    error(Values, "path-control", "Paths have no control characters"),
    error(Values, "path-length", "Paths have at most 4,000 bytes"),
    warning(Values, "path-backslash", "Paths are written with `/`"),
    warning(Values, "path-blank", "Paths do not begin or end with a blank"),
    warning(Values, "path-roundabout", "Paths are written in their shortest form"),
    error(Values, "proto-name", "The entrypoint's proto ends in `.proto`"),
    warning(Values, "proto-not-ascii", "The proto's path has plain letters"),
    error(Values, "gpu-form", "`gpu` is true or false"),
    warning(Values, "gpu-word", "`gpu` is written as `true` or `false`"),
    error(Values, "replicas-form", "`replicas` is a whole number"),
    warning(Values, "replicas-fraction", "`replicas` is written with digits only"),
    warning(Values, "replicas-zero", "`replicas` is at least 1"),
    warning(Values, "replicas-many", "`replicas` is at most 100"),
    error(Values, "object-store-name", "An object store's name has lower-case letters, digits and inner dashes"),
    hint(Values, "object-store-no-scope", "An object store says its scope"),
    error(Values, "object-store-scope", "An object store's scope is `workflow` or `project`"),
    // Config
    error(Config, "variable-form", "Variables have capital letters, digits and inner `_`"),
    warning(Config, "variable-platform", "Variables are not those that the platform sets"),
    warning(Config, "variable-digits", "Variables begin with a letter"),
    error(Config, "file-form", "Files have names that a ConfigMap takes"),
    warning(Config, "file-unusual", "Files have names that all KRT tools accept"),
    error(Config, "config-length", "Names in `config` have at most 253 characters"),
    error(Config, "config-duplicate", "No name is both a variable and a file"),
    warning(Config, "config-many", "A version asks for at most 1,000 variables and files"),
    warning(Config, "config-repeated", "Each variable and file is listed once"),
    // Graph
    error(Graph, "workflow-duplicate", "Workflow names are unique"),
    error(Graph, "workflow-entrypoint-form", "A workflow's `entrypoint` is the name of a gRPC method"),
    error(Graph, "workflow-entrypoint-duplicate", "A gRPC method starts one workflow"),
    error(Graph, "node-duplicate", "Node names are unique"),
    error(Graph, "node-reserved", "No node is called `entrypoint`"),
    warning(Graph, "node-unused", "Every node of a v1 manifest is used"),
    error(Graph, "sequential-unknown", "`sequential` names nodes that are defined"),
    error(Graph, "sequential-repeated", "`sequential` names each node once"),
    error(Graph, "subscription-form", "A subscription is `entrypoint`, a node, or `node.subtopic`"),
    error(Graph, "subscription-wildcard", "A subscription has no wildcard"),
    error(Graph, "subscription-depth", "A subscription has at most one subtopic"),
    error(Graph, "subscription-entrypoint-subtopic", "The entrypoint has no subtopics"),
    error(Graph, "subscription-unknown", "A subscription names a node of its workflow"),
    error(Graph, "subscription-self", "No node listens to itself"),
    warning(Graph, "subscription-duplicate", "A node subscribes to everything once"),
    warning(Graph, "subscription-loop", "Messages do not go round in a loop"),
    error(Graph, "entrypoint-unused", "A node of each workflow listens to the entrypoint"),
    error(Graph, "exitpoint-unknown", "The exitpoint is a node of its workflow"),
    error(Graph, "exitpoint-unreachable", "The exitpoint is reached from the entrypoint"),
    warning(Graph, "node-unreachable", "Every node is reached from the entrypoint"),
    // Cluster
    error(Cluster, "deployment-clash", "No two nodes would have one Deployment name"),
    error(Cluster, "consumer-clash", "No two subscriptions would share one consumer in the broker"),
    warning(Cluster, "names-long-together", "Names leave room for the runtime's ID"),
    warning(Cluster, "object-store-scopes", "One object store has one scope in a workflow"),
    warning(Cluster, "many-processes", "A version has at most 500 processes"),
    // Package
    error(Package, "package-empty", "The file is not empty"),
    error(Package, "package-not-gzip", "A package is compressed with gzip"),
    error(Package, "package-not-tar", "A package is a tar archive inside"),
    error(Package, "package-corrupt", "The package is not damaged"),
    error(Package, "package-truncated", "The package is not cut off"),
    error(Package, "package-too-large", "The package unpacks to at most 2 GiB"),
    error(Package, "package-ratio", "The package does not unpack to many times its size"),
    error(Package, "package-members", "The package has at most 20,000 members"),
    error(Package, "manifest-missing", "The package has a `krt.yml`"),
    error(Package, "manifest-in-folder", "The manifest is at the package's root"),
    error(Package, "manifest-two", "The package has one manifest"),
    error(Package, "manifest-kind", "The manifest is a file"),
    error(Package, "manifest-nested-first", "No other manifest comes before the package's own"),
    warning(Package, "manifest-nested", "No other manifest is in a folder"),
    error(Package, "member-name-empty", "Every member has a name"),
    error(Package, "member-absolute", "Members have relative paths"),
    error(Package, "member-outside", "Members stay inside the package"),
    error(Package, "member-path-length", "Members' paths have a bounded length"),
    error(Package, "member-kind", "Members are files and folders"),
    error(Package, "member-duplicate", "Each member is there once"),
    error(Package, "member-below-file", "No member is below a file"),
    warning(Package, "member-name-encoding", "Members' names are UTF-8"),
    warning(Package, "member-name-control", "Members' names have no control characters"),
    warning(Package, "member-backslash", "Members' names have no backslashes"),
    warning(Package, "member-git", "The package has no git folder"),
    error(Package, "src-missing", "Every node's source is in the package"),
    error(Package, "src-folder", "Every node's source is a file"),
    error(Package, "proto-missing", "The entrypoint's proto is in the package"),
    error(Package, "proto-folder", "The entrypoint's proto is a file"),
    warning(Package, "proto-syntax", "The entrypoint's proto can be read"),
    warning(Package, "proto-no-rpc", "The entrypoint's proto declares an rpc"),
    warning(Package, "proto-no-method", "Each workflow's method is an rpc of the proto"),
    error(Package, "dashboard-form", "A dashboard is a JSON object"),
    warning(Package, "dashboard-folder", "Dashboards are directly in `metrics/dashboards`"),
    warning(Package, "dashboard-size", "A dashboard has at most 1 MiB"),
    warning(Package, "docs-name", "Docs are in `docs/README.md`"),
];
