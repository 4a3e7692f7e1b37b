//! Assigns each process to a column: one after the last process that it subscribes to (longest path).

use super::links::{Link, Lists};

/// Processes in columns.
pub(super) struct Columns {
    /// The column of each process: 0 only for the entrypoint, at least 1 for every node.
    pub layer_of: Vec<usize>,
    /// For each link, whether it closes a cycle.
    pub is_back: Vec<bool>,
}

/// Assigns columns to `count` processes; number 0 is the entrypoint.
pub(super) fn layers(count: usize, links: &[Link]) -> Columns {
    let outgoing = Lists::new(count, links.iter().enumerate().map(|(at, link)| (link.from, at)));
    let walk = walk(count, links, &outgoing);
    let mut layer_of = vec![1; count];
    layer_of[0] = 0;
    // In reverse order of finishing, every process comes before its subscribers.
    for &process in walk.finished.iter().rev() {
        for &at in outgoing.of(process) {
            if !walk.is_back[at] {
                let to = links[at].to;
                layer_of[to] = layer_of[to].max(layer_of[process] + 1);
            }
        }
    }
    Columns { layer_of, is_back: walk.is_back }
}

struct Walk {
    finished: Vec<usize>,
    is_back: Vec<bool>,
}

#[derive(Clone, Copy, PartialEq)]
enum Visit {
    Never,
    /// On the path from the start of the walk to the current process.
    Open,
    Done,
}

/// Walks depth first, without recursion (a chain may have thousands of nodes), from the entrypoint and then from the
/// processes not reached yet.
fn walk(count: usize, links: &[Link], outgoing: &Lists) -> Walk {
    let mut visits = vec![Visit::Never; count];
    let mut walk = Walk { finished: Vec::with_capacity(count), is_back: vec![false; links.len()] };
    let mut path: Vec<(usize, usize)> = Vec::new();
    for start in 0..count {
        if visits[start] != Visit::Never {
            continue;
        }
        visits[start] = Visit::Open;
        path.push((start, 0));
        while let Some((process, next)) = path.last_mut() {
            let Some(&at) = outgoing.of(*process).get(*next) else {
                visits[*process] = Visit::Done;
                walk.finished.push(*process);
                path.pop();
                continue;
            };
            *next += 1;
            let to = links[at].to;
            match visits[to] {
                Visit::Never => {
                    visits[to] = Visit::Open;
                    path.push((to, 0));
                }
                Visit::Open => walk.is_back[at] = true,
                Visit::Done => {}
            }
        }
    }
    walk
}
