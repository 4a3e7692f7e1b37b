//! Makes an input that fails shorter, as long as it still fails.

use std::time::{Duration, Instant};

/// Time after which the shortest input so far is good enough.
const PATIENCE: Duration = Duration::from_secs(20);

/// Removes lines, then bytes.
pub fn minimized(input: &[u8], fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let begun = Instant::now();
    let mut left = input.to_vec();
    loop {
        let before = left.len();
        let lines = left.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        left = without_most(lines, begun, &fails);
        let bytes = left.iter().map(|byte| vec![*byte]).collect();
        left = without_most(bytes, begun, &fails);
        if left.len() == before || begun.elapsed() > PATIENCE {
            return left;
        }
    }
}

/// Removes ever shorter runs of pieces.
fn without_most(mut pieces: Vec<Vec<u8>>, begun: Instant, fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut run = pieces.len().div_ceil(2);
    while run > 0 {
        let mut at = 0;
        while at < pieces.len() && begun.elapsed() <= PATIENCE {
            let end = (at + run).min(pieces.len());
            let rest = [&pieces[..at], &pieces[end..]].concat();
            if fails(&rest.concat()) {
                pieces = rest;
            } else {
                at = end;
            }
        }
        run = if run == 1 { 0 } else { run.div_ceil(2) };
    }
    pieces.concat()
}
