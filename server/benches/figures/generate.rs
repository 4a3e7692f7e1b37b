//! Input of a known size, the same in every run.

use std::fmt::Write;

use krt::check::{Options, analyze};
use krt::outline::{InputOutline, NodeOutline, WorkflowOutline};

/// Nodes of one generated workflow.
const NODES: usize = 100;

/// A correct v2 manifest of about this many bytes: as many workflows of a hundred nodes as fit.
pub fn manifest(bytes: usize) -> String {
    let mut text = "krtVersion: v2
version: generated
description: Generated for measuring.
entrypoint:
  proto: public_input.proto
  image: konstellation/kre-entrypoint:latest
config:
  variables: [ONE, TWO, THREE]
workflows:
"
    .to_owned();
    for number in 0.. {
        if text.len() >= bytes {
            break;
        }
        let last = NODES - 1;
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "  - name: flow-{number}\n    entrypoint: Method{number}\n    exitpoint: node-{last}\n    nodes:\n"
        );
        for (number, node) in workflow(NODES).nodes.into_iter().enumerate() {
            let _ = write!(
                text,
                "      - name: {}\n        image: {}\n        src: src/node_{number}/main.py\n        subscriptions:\n",
                node.name, node.image
            );
            for input in node.subscriptions {
                let subtopic = input.subtopic.map(|subtopic| format!(".{subtopic}")).unwrap_or_default();
                let _ = writeln!(text, "          - \"{}{subtopic}\"", input.node);
            }
        }
    }
    text
}

/// A correct v2 manifest of slightly more than 2,000 lines.
pub fn of_2000_lines() -> String {
    manifest(53_000)
}

/// The same with ten fixable problems, one in each tenth of the text.
pub fn with_typos() -> String {
    const TYPOS: [(&str, &str); 5] = [
        ("image: konst", "image: Konst"),
        ("src: ", "src: ./"),
        ("\"node-", "\"nod-"),
        ("        subscriptions:", "        gpu: yes\n        subscriptions:"),
        ("        subscriptions:", "        replica: 2\n        subscriptions:"),
    ];
    let mut text = of_2000_lines();
    for number in 0..10 {
        let (right, wrong) = TYPOS[number % TYPOS.len()];
        let from = text.len() * number / 10;
        let at = text[from..].find(right).map_or(0, |at| from + at);
        text.replace_range(at..at + right.len(), wrong);
    }
    let found = analyze(&text, Options::default()).diagnostics;
    let fixable = found.iter().filter(|found| !found.fixes.is_empty()).count();
    assert_eq!((found.len(), fixable), (10, 10), "{found:?}");
    text
}

pub fn nodes_of(manifest: &str) -> usize {
    manifest.matches("        image:").count()
}

/// A workflow in layers of about ten nodes, each subscribed to one to three nodes of earlier layers.
pub fn workflow(nodes: usize) -> WorkflowOutline {
    let mut random = Random(7);
    let node = |number: usize| {
        let earlier = if number < 10 { 0 } else { number - number % 10 };
        let mut inputs: Vec<InputOutline> = Vec::new();
        for _ in 0..=random.below(3) {
            let input = if earlier == 0 {
                InputOutline { node: "entrypoint".to_owned(), subtopic: None }
            } else {
                // Mostly the previous layer, sometimes any earlier one.
                let from = if random.below(4) == 0 { 0 } else { earlier - 10 };
                let subtopic = (random.below(5) == 0).then(|| "part".to_owned());
                InputOutline { node: format!("node-{}", from + random.below(earlier - from)), subtopic }
            };
            if inputs.iter().all(|known| known.node != input.node) {
                inputs.push(input);
            }
        }
        NodeOutline {
            name: format!("node-{number}"),
            image: "konstellation/kre-py:latest".to_owned(),
            gpu: false,
            replicas: 1,
            subscriptions: inputs,
        }
    };
    let nodes: Vec<NodeOutline> = (0..nodes).map(node).collect();
    let exitpoint = nodes.last().map(|node| node.name.clone()).unwrap_or_default();
    WorkflowOutline { name: "generated".to_owned(), entrypoint: "Generate".to_owned(), exitpoint, nodes }
}

/// A linear congruential generator: random enough to scatter edges, and deterministic.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}
