//! The pictures: a workflow with the health of its nodes, and the lifecycle of a version.

mod workflow_graph;
pub use workflow_graph::WorkflowGraph;

mod lifecycle_map;
pub use lifecycle_map::LifecycleMap;
