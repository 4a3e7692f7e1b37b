//! The charts: a workflow with the health of its nodes, and the lifecycle of a version. The server draws both; in the
//! browser only classes and texts change, never a position.

mod node_health;

mod workflow_graph;
pub use workflow_graph::WorkflowGraph;

#[cfg(feature = "ssr")]
mod svg;
#[cfg(feature = "ssr")]
pub use svg::svg;

mod lifecycle_map;
pub use lifecycle_map::LifecycleMap;

#[cfg(all(test, feature = "ssr"))]
mod tests;
