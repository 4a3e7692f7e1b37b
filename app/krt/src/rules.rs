//! All rules by code: the one list that pages, the command line and tests use.
//!
//! The checks are in [`crate::check`] and [`crate::package`]; a test compares their codes with this list.

use crate::diagnostic::Severity;

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// The file's encoding and its YAML.
    Text,
    /// The format, its keys and the types of their values.
    Form,
    /// Names, images, paths, numbers.
    Values,
    /// Variables and files that a version declares.
    Config,
    /// Workflows, nodes and their subscriptions.
    Graph,
    /// Names that clash in a cluster or its broker.
    Cluster,
    /// The archive around the manifest, and the contents of its members.
    Package,
}

impl Area {
    /// Returns the area as it appears in URLs.
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

    /// All areas, in display order.
    pub const ALL: &[Area] =
        &[Area::Text, Area::Form, Area::Values, Area::Config, Area::Graph, Area::Cluster, Area::Package];

    /// Returns the area as a heading.
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
    /// Severity of a violation; the same in every diagnostic with this code.
    pub severity: Severity,
    /// One line without a full stop: what the rule requires, or what was found.
    pub title: &'static str,
}

/// Returns the rule with this code.
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

/// All rules, sorted by area, each code once.
pub const ALL: &[Rule] = &[
    // Text
    error(Text, "manifest-binary", "The manifest is a text file"),
    error(Text, "manifest-encoding", "The manifest is encoded as UTF-8"),
    error(Text, "manifest-too-large", "The manifest is at most 2 MiB"),
    error(Text, "yaml-syntax", "The manifest is valid YAML"),
    error(Text, "yaml-conflict", "The text contains no Git conflict markers"),
    error(Text, "yaml-documents", "The manifest is one YAML document"),
    error(Text, "yaml-version", "The `%YAML` directive names an existing version"),
    error(Text, "yaml-control", "The text contains no control characters"),
    error(Text, "yaml-key-duplicate", "Keys are unique within a map"),
    error(Text, "yaml-key-form", "Keys are plain text"),
    error(Text, "yaml-merge", "`<<` merges only maps"),
    error(Text, "yaml-alias-loop", "No alias refers to a value that contains it"),
    error(Text, "yaml-too-deep", "Values nest at most 200 levels deep"),
    error(Text, "yaml-too-large", "The manifest has at most 400,000 values"),
    warning(Text, "text-direction", "The text contains no bidirectional control characters"),
    hint(Text, "more-problems", "More problems than shown"),
    // Form
    error(Form, "manifest-empty", "The manifest is not empty"),
    error(Form, "manifest-foreign", "The file is a KRT manifest, not another tool's"),
    error(Form, "manifest-old", "The manifest and its entrypoint are maps, not lists as before v1"),
    error(Form, "kai-manifest", "The manifest describes a KRT, not a KAI product"),
    error(Form, "format-unknown", "`krtVersion` is `v1` or `v2`"),
    error(Form, "format-missing", "A v2 manifest declares `krtVersion: v2`"),
    error(Form, "format-mismatch", "`krtVersion` matches the manifest's format"),
    error(Form, "key-missing", "Every required key is present"),
    error(Form, "key-empty", "Every required key has a value"),
    error(Form, "key-of-other-format", "The manifest has no ignored keys of the other format"),
    warning(Form, "key-unknown", "Every key is known"),
    error(Form, "value-type", "Every value has the type of its key"),
    error(Form, "value-empty", "No item of a list is empty"),
    warning(Form, "value-not-text", "Text that looks like another type is quoted"),
    error(Form, "convert-unsafe", "The manifest can be converted to v2 without loss"),
    // Values
    error(Values, "name-form", "Names use lowercase letters, digits and inner dashes"),
    error(Values, "name-length", "Names have at most 19 characters"),
    error(Values, "version-reserved", "A version is not named like a platform component"),
    warning(Values, "version-first-letter", "The version's name starts with a letter"),
    warning(Values, "description-blank", "The description contains text"),
    warning(Values, "description-long", "The description has at most 2,000 characters"),
    error(Values, "description-too-long", "The description has at most 20,000 characters"),
    error(Values, "image-form", "An image is a reference a cluster can pull"),
    warning(Values, "image-upper-case", "An image's path is lowercase"),
    error(Values, "path-absolute", "Paths are relative to the package's root"),
    error(Values, "path-outside", "Paths stay inside the package"),
    error(Values, "path-folder", "Paths name files"),
    error(Values, "path-control", "Paths contain no control characters"),
    error(Values, "path-length", "Paths are at most 4,000 bytes"),
    warning(Values, "path-backslash", "Paths are written with `/`"),
    warning(Values, "path-blank", "Paths do not start or end with a space"),
    warning(Values, "path-roundabout", "Paths are written in their shortest form"),
    error(Values, "proto-name", "The entrypoint's proto ends in `.proto`"),
    warning(Values, "proto-not-ascii", "The proto's path is plain ASCII"),
    error(Values, "gpu-form", "`gpu` is true or false"),
    warning(Values, "gpu-word", "`gpu` is written as `true` or `false`"),
    error(Values, "replicas-form", "`replicas` is a whole number"),
    warning(Values, "replicas-fraction", "`replicas` is written with digits only"),
    warning(Values, "replicas-zero", "`replicas` is at least 1"),
    warning(Values, "replicas-many", "`replicas` is at most 100"),
    error(Values, "object-store-name", "An object store's name uses lowercase letters, digits and inner dashes"),
    hint(Values, "object-store-no-scope", "An object store declares its scope"),
    error(Values, "object-store-scope", "An object store's scope is `workflow` or `project`"),
    // Config
    error(Config, "variable-form", "Variables use uppercase letters, digits and inner `_`"),
    warning(Config, "variable-platform", "Variables do not clash with those the platform sets"),
    warning(Config, "variable-digits", "Variables start with a letter"),
    error(Config, "file-form", "File names are valid ConfigMap keys"),
    warning(Config, "file-unusual", "File names are accepted by all KRT tools"),
    error(Config, "config-length", "Names in `config` have at most 253 characters"),
    error(Config, "config-duplicate", "No name is both a variable and a file"),
    warning(Config, "config-many", "A version declares at most 1,000 variables and files"),
    warning(Config, "config-repeated", "Each variable and file is listed once"),
    // Graph
    error(Graph, "workflow-duplicate", "Workflow names are unique"),
    error(Graph, "workflow-entrypoint-form", "A workflow's `entrypoint` is the name of a gRPC method"),
    error(Graph, "workflow-entrypoint-duplicate", "Each gRPC method starts one workflow"),
    error(Graph, "node-duplicate", "Node names are unique"),
    error(Graph, "node-reserved", "No node is named `entrypoint`"),
    warning(Graph, "node-unused", "Every node of a v1 manifest is used"),
    error(Graph, "sequential-unknown", "`sequential` names nodes that are defined"),
    error(Graph, "sequential-repeated", "`sequential` names each node once"),
    error(Graph, "subscription-form", "A subscription is `entrypoint`, a node, or `node.subtopic`"),
    error(Graph, "subscription-wildcard", "A subscription has no wildcard"),
    error(Graph, "subscription-depth", "A subscription has at most one subtopic"),
    error(Graph, "subscription-entrypoint-subtopic", "The entrypoint has no subtopics"),
    error(Graph, "subscription-unknown", "A subscription names a node of its workflow"),
    error(Graph, "subscription-self", "No node subscribes to itself"),
    warning(Graph, "subscription-duplicate", "A node subscribes to each input once"),
    warning(Graph, "subscription-loop", "Subscriptions do not form a loop"),
    error(Graph, "entrypoint-unused", "A node of each workflow subscribes to the entrypoint"),
    error(Graph, "exitpoint-unknown", "The exitpoint is a node of its workflow"),
    error(Graph, "exitpoint-unreachable", "The exitpoint is reachable from the entrypoint"),
    warning(Graph, "node-unreachable", "Every node is reachable from the entrypoint"),
    // Cluster
    error(Cluster, "deployment-clash", "No two nodes share a Deployment name"),
    error(Cluster, "consumer-clash", "No two subscriptions share a consumer in the broker"),
    warning(Cluster, "names-long-together", "Names leave room for the runtime's ID"),
    warning(Cluster, "object-store-scopes", "An object store has one scope within a workflow"),
    warning(Cluster, "many-processes", "A version has at most 500 processes"),
    // Package
    error(Package, "package-empty", "The file is not empty"),
    error(Package, "package-not-gzip", "A package is compressed with gzip"),
    error(Package, "package-not-tar", "A package contains a tar archive"),
    error(Package, "package-corrupt", "The package is not damaged"),
    error(Package, "package-truncated", "The package is complete"),
    error(Package, "package-too-large", "The package unpacks to at most 2 GiB"),
    error(Package, "package-ratio", "The package does not unpack to many times its size"),
    error(Package, "package-members", "The package has at most 20,000 members"),
    error(Package, "manifest-missing", "The package contains a `krt.yml`"),
    error(Package, "manifest-in-folder", "The manifest is at the package's root"),
    error(Package, "manifest-two", "The package has one manifest"),
    error(Package, "manifest-kind", "The manifest is a file"),
    error(Package, "manifest-nested-first", "No other manifest comes before the package's own"),
    warning(Package, "manifest-nested", "No other manifest is in a subfolder"),
    error(Package, "member-name-empty", "Every member has a name"),
    error(Package, "member-absolute", "Members have relative paths"),
    error(Package, "member-outside", "Members stay inside the package"),
    error(Package, "member-path-length", "Members' paths are at most 4,096 bytes"),
    error(Package, "member-kind", "Members are files and folders"),
    error(Package, "member-duplicate", "Each member occurs once"),
    error(Package, "member-below-file", "No member is below a file"),
    warning(Package, "member-name-encoding", "Members' names are UTF-8"),
    warning(Package, "member-name-control", "Members' names contain no control characters"),
    warning(Package, "member-backslash", "Members' names contain no backslashes"),
    warning(Package, "member-git", "The package contains no `.git` folder"),
    error(Package, "src-missing", "Every node's source is in the package"),
    error(Package, "src-folder", "Every node's source is a file"),
    error(Package, "proto-missing", "The entrypoint's proto is in the package"),
    error(Package, "proto-folder", "The entrypoint's proto is a file"),
    warning(Package, "proto-syntax", "The entrypoint's proto can be parsed"),
    warning(Package, "proto-no-rpc", "The entrypoint's proto declares an rpc"),
    warning(Package, "proto-no-method", "Each workflow's method is an rpc of the proto"),
    error(Package, "dashboard-form", "A dashboard is a JSON object"),
    warning(Package, "dashboard-folder", "Dashboards are directly in `metrics/dashboards`"),
    warning(Package, "dashboard-size", "A dashboard is at most 1 MiB"),
    warning(Package, "docs-name", "Docs are in `docs/README.md`"),
];
