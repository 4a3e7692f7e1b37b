//! The log lines of simulated processes. Nothing is stored: every line is derived from the container's run and the
//! time, so logs cost nothing until they are read and are the same after a restart.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::clock;
use crate::controllers::image::{self, Behavior};
use crate::meta;
use crate::random;

/// Number of lines of one run that can still be read; a node would have rotated older ones away.
const MOST_LINES: i64 = 2_000;

/// A running process prints its first work line after this time and further ones at intervals of [`STEP`]; each line
/// is up to 3 s late.
const FIRST_WORK: SignedDuration = SignedDuration::from_secs(3);
const STEP: SignedDuration = SignedDuration::from_secs(5);

/// One line, without the newline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub at: Timestamp,
    pub text: String,
}

/// One run of a container, from its start to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub start: Timestamp,
    /// `None` while the container runs.
    pub end: Option<Timestamp>,
    identity: String,
    image: String,
    init: bool,
}

impl Run {
    /// The run that a container's state (`running` or `terminated`) describes; `None` for any other state.
    pub fn of(pod: &Value, container: &str, restarts: i64, state: &Value) -> Option<Run> {
        let time = |value: &Value| value.as_str().and_then(clock::parse);
        let (start, end) = match (&state["running"], &state["terminated"]) {
            (Value::Object(running), _) => (time(running.get("startedAt")?)?, None),
            (_, Value::Object(ended)) => (time(ended.get("startedAt")?)?, Some(time(ended.get("finishedAt")?)?)),
            _ => return None,
        };
        let init = pod["spec"]["initContainers"].as_array().into_iter().flatten();
        Some(Run {
            start,
            end,
            identity: format!("{}/{container}/{restarts}", meta::uid(pod)),
            image: image::of(pod, container).unwrap_or_default().to_owned(),
            init: init.into_iter().any(|one| one["name"] == container),
        })
    }

    /// Everything printed after `after` and not later than `now`, oldest first.
    pub fn lines(&self, after: Option<Timestamp>, now: Timestamp) -> Vec<Line> {
        let until = self.end.map_or(now, |end| end.min(now));
        // An ended run has printed all its startup lines, even if rounding put its end before them.
        let begun = if self.end.is_some() { now } else { until };
        let mut lines: Vec<Line> = self.first_words().into_iter().filter(|line| line.at <= begun).collect();
        if self.works() {
            let last = self.last_step(until);
            let first = (last - MOST_LINES + 1).max(0).max(after.map_or(0, |after| self.last_step(after) - 1));
            if first > 0 {
                lines.clear();
            }
            lines.extend((first..=last).map(|step| self.work(step)).filter(|line| line.at <= until));
        }
        lines.retain(|line| after.is_none_or(|after| line.at > after));
        lines
    }

    /// The time of the next line after `now`; `None` when none follows.
    pub fn next(&self, now: Timestamp) -> Option<Timestamp> {
        if self.end.is_some() {
            return None;
        }
        let words = self.first_words().into_iter().map(|line| line.at).find(|at| *at > now);
        let work = || {
            let step = self.last_step(now).max(0);
            (step..step + 3).map(|step| self.work(step).at).find(|at| *at > now)
        };
        words.or_else(|| if self.works() { work() } else { None })
    }

    fn works(&self) -> bool {
        !self.init && matches!(image::behavior(&self.image), Behavior::Fine | Behavior::Slow)
    }

    /// The last step that may have printed a line by `at`; negative before the first.
    fn last_step(&self, at: Timestamp) -> i64 {
        let run = at.duration_since(self.start) - FIRST_WORK;
        if run.is_negative() { -1 } else { run.as_secs() / STEP.as_secs() }
    }

    fn first_words(&self) -> Vec<Line> {
        let image = &self.image;
        let mut words = vec![(20, format!("INFO simulated process of image {image}: its code does not run here"))];
        if self.init {
            words.push((60, "INFO unpacking the package into /krt-files".to_owned()));
            words.push((90, "INFO done".to_owned()));
            return self.printed(words);
        }
        words.push((60, "INFO reading configuration from the environment".to_owned()));
        words.push((120, "INFO connecting to the broker".to_owned()));
        match image::behavior(image) {
            Behavior::Crash => words.push((500, CRASH.to_owned())),
            Behavior::OutOfMemory => {
                words.push((300, "WARN loading a model of 3.8 GiB into 512 MiB of memory".to_owned()));
            }
            _ => {
                words.push((180, "INFO handler loaded".to_owned()));
                words.push((220, "INFO ready, waiting for messages".to_owned()));
            }
        }
        self.printed(words)
    }

    /// Prefixes each text with its time, and gives further lines of a multi-line text a time of their own (1 µs apart).
    fn printed(&self, words: Vec<(i64, String)>) -> Vec<Line> {
        let mut lines = Vec::new();
        for (offset, text) in words {
            let at = self.start + SignedDuration::from_millis(offset);
            for (further, part) in text.lines().enumerate() {
                let further = i64::try_from(further).unwrap_or(0);
                let text = if further == 0 { format!("{} {part}", clock::millis(at)) } else { part.to_owned() };
                lines.push(Line { at: at + SignedDuration::from_micros(further), text });
            }
        }
        lines
    }

    fn work(&self, step: i64) -> Line {
        let chance = random::hash(&format!("{}/{step}", self.identity));
        let late = SignedDuration::from_millis(i64::try_from(chance % 3_000).unwrap_or(0));
        let at = self.start + FIRST_WORK + SignedDuration::from_secs(STEP.as_secs() * step) + late;
        let (request, took) = (chance >> 40, 3 + (chance >> 20) % 90);
        let text = match (chance >> 12) % 16 {
            0 => format!("WARN request {request:06x} took {}00 ms, longer than usual", 8 + took % 9),
            1 | 2 => "DEBUG nothing to do, waiting for messages".to_owned(),
            3 => format!("DEBUG acknowledged message {request:06x}"),
            _ => format!("INFO request {request:06x} handled in {took} ms"),
        };
        Line { at, text: format!("{} {text}", clock::millis(at)) }
    }
}

const CRASH: &str = "ERROR unhandled exception, the process exits\n\
Traceback (most recent call last):\n  \
File \"/app/main.py\", line 41, in <module>\n    \
runner.start()\n  \
File \"/app/runner.py\", line 87, in start\n    \
self.handler = self.load_handler()\n  \
File \"/krt-files/src/node/main.py\", line 12, in init\n    \
ctx.model = load(os.environ[\"MODEL_PATH\"])\n\
KeyError: 'MODEL_PATH'";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn run(image: &str, end: Option<&str>) -> Run {
        let pod = json!({ "metadata": { "uid": "u" }, "spec": { "containers": [{ "name": "c", "image": image }] } });
        let state = match end {
            None => json!({ "running": { "startedAt": "2026-11-21T09:00:00Z" } }),
            Some(end) => json!({ "terminated": { "startedAt": "2026-11-21T09:00:00Z", "finishedAt": end } }),
        };
        Run::of(&pod, "c", 0, &state).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn lines_are_in_order_and_next_returns_the_time_of_the_following_one() {
        let run = run("i:1", None);
        let mut now = run.start;
        let mut seen = Vec::new();
        while let Some(next) = run.next(now).filter(|next| *next < at("2026-11-21T09:01:00Z")) {
            seen.extend(run.lines(Some(now), next));
            now = next;
        }
        assert_eq!(seen, run.lines(None, now));
        assert!(seen.len() > 12 && seen.is_sorted_by_key(|line| line.at), "{seen:#?}");
        assert!(seen.iter().all(|line| line.text.starts_with("2026-11-21T09:00:")));
    }

    #[test]
    fn a_long_run_keeps_only_its_last_lines() {
        let run = run("i:1", None);
        let lines = run.lines(None, at("2026-12-21T09:00:00Z"));
        assert!(lines.len() as i64 <= MOST_LINES && lines.len() as i64 > MOST_LINES - 3, "{}", lines.len());
    }

    #[test]
    fn a_crash_leaves_its_traceback() {
        let lines = run("i:sim-crash", Some("2026-11-21T09:00:01Z")).lines(None, at("2026-11-21T10:00:00Z"));
        assert_eq!(lines.last().map(|line| line.text.as_str()), Some("KeyError: 'MODEL_PATH'"));
        assert_eq!(run("i:sim-crash", Some("2026-11-21T09:00:01Z")).next(at("2026-11-21T10:00:00Z")), None);
    }
}
