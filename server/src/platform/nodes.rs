//! The nodes of a version that is too large to be drawn on its page: a paged list, and one image per workflow.

use app::api::Nodes;
use app::budget::is_drawn;
use app::error::{Error, ErrorKind};
use app::model::{Caller, Health, NodeLive, NodesPage, Timestamp, WorkflowPicture};
use async_trait::async_trait;
use krt::lifecycle::Status;
use krt::outline::{NodeOutline, WorkflowOutline};

use super::{Console, versions};
use crate::state::Version;

/// Maximum nodes on one page of the list.
const NODES: usize = 200;

/// Maximum workflows named above the list.
const WORKFLOWS: usize = 100;

/// Maximum unhealthy nodes shown above the list.
const TROUBLES: usize = 20;

#[async_trait]
impl Nodes for Console {
    async fn list_nodes(&self, caller: &Caller, runtime: &str, version: &str, from: u32) -> Result<NodesPage, Error> {
        let (runtime, version) = versions::find(&self.0, caller, runtime, version).await?;
        let workflows = &version.manifest.workflows;
        if is_drawn(workflows) {
            return Ok(NodesPage::default());
        }
        let all = self.0.cluster.nodes(&runtime, &version);
        let many = |health| count(all.iter().filter(|node| node.health == health).count());
        let counts = [Health::Started, Health::Starting, Health::Error, Health::Stopped].map(many);
        let troubles = all.iter().filter(|node| node.health == Health::Error).take(TROUBLES).cloned().collect();
        // The cluster returns the entrypoint first, then the nodes in the order of the list.
        let lives = all.iter().skip(1).map(|live| shown(&version, live)).chain(std::iter::repeat(None));
        let nodes = workflows.iter().flat_map(|workflow| workflow.nodes.iter().map(|node| (&workflow.name, node)));
        let nodes = nodes.zip(lives).skip(from as usize).take(NODES);
        Ok(NodesPage {
            nodes: nodes
                .map(|((workflow, node), live)| (workflow.to_string(), NodeOutline::from(node), live))
                .collect(),
            from,
            total: count(workflows.iter().map(|workflow| workflow.nodes.len()).sum()),
            workflows: workflows
                .iter()
                .take(WORKFLOWS)
                .map(|one| (one.name.to_string(), count(one.nodes.len())))
                .collect(),
            more_workflows: count(workflows.len().saturating_sub(WORKFLOWS)),
            counts,
            troubles,
            read_at: Timestamp(jiff::Timestamp::now().as_millisecond()),
        })
    }

    async fn get_graph(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        workflow: &str,
    ) -> Result<WorkflowPicture, Error> {
        let (runtime, version) = versions::find(&self.0, caller, runtime, version).await?;
        let found = version.manifest.workflows.iter().find(|one| one.name == workflow);
        let Some(workflow) = found.map(WorkflowOutline::from) else {
            let words = format!("Version {} has no workflow with this name.", version.name);
            return Err(Error::new(ErrorKind::NotFound, words));
        };
        Ok(WorkflowPicture { workflow, nodes: self.0.cluster.nodes(&runtime, &version) })
    }
}

/// The state of a node, unless the version is stopped or archived.
fn shown(version: &Version, live: &NodeLive) -> Option<NodeLive> {
    let is_still = matches!(version.status(), Status::Stopped | Status::Archived);
    (!is_still).then(|| NodeLive { reason: None, ..live.clone() })
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
