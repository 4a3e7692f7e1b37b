//! What is wrong with one container.

use k8s_openapi::api::core::v1::{ContainerStateTerminated, ContainerStatus};

use super::{Healing, Trouble};

const CHECK_IMAGE: &str = "Check the image name and tag in krt.yml, and whether the cluster may pull the image. Then start the version again, or upload a new version with the correct image.";
const READ_THE_LOG: &str = "Check the last log lines. Correct the configuration and start the version again, or upload a new version with fixed code.";
const USE_LESS_MEMORY: &str = "Reduce its memory use, or ask your admin for a higher limit (--node-memory-limit).";

/// What is wrong with a container, judged by its states. `unpacks`: this is the init container, which fetches the
/// package.
pub(super) fn trouble(status: &ContainerStatus, unpacks: bool) -> Option<Trouble> {
    let state = status.state.as_ref()?;
    let last = status.last_state.as_ref().and_then(|last| last.terminated.as_ref());
    if let Some(waiting) = &state.waiting {
        let said = waiting.message.clone().unwrap_or_default();
        return match waiting.reason.as_deref().unwrap_or_default() {
            "ErrImagePull" | "ImagePullBackOff" | "RegistryUnavailable" => {
                let words = format!("cannot pull image {}", status.image);
                Some(Trouble::new(Healing::Rarely, words).saying(said).advising(CHECK_IMAGE))
            }
            "InvalidImageName" | "ErrImageNeverPull" => {
                let words = format!("cannot use image {}", status.image);
                Some(Trouble::new(Healing::Never, words).saying(said).advising(CHECK_IMAGE))
            }
            "CreateContainerConfigError" => Some(configuration(&said)),
            "CreateContainerError" | "RunContainerError" => {
                Some(Trouble::new(Healing::Rarely, "cannot start its container").saying(said))
            }
            "CrashLoopBackOff" => Some(crash(last, status.restart_count, unpacks).saying(said)),
            _ => last.map(|last| crash(Some(last), status.restart_count, unpacks)),
        };
    }
    if let Some(terminated) = &state.terminated {
        let ended_well = terminated.exit_code == 0 && unpacks;
        // `restart_count` grows when the container starts again, so this exit is one more.
        return (!ended_well).then(|| crash(Some(terminated), status.restart_count + 1, unpacks));
    }
    // Running again after a crash, but not yet proven stable.
    last.filter(|last| last.exit_code != 0).map(|last| crash(Some(last), status.restart_count, unpacks))
}

fn configuration(said: &str) -> Trouble {
    let is_missing = said.contains("not found");
    let words =
        if is_missing { "cannot find its configuration in the cluster" } else { "cannot use its configuration" };
    Trouble::new(Healing::Rarely, words).saying(said)
}

fn crash(last: Option<&ContainerStateTerminated>, crashes: i32, unpacks: bool) -> Trouble {
    let times = match crashes {
        i32::MIN..=1 => "once".to_owned(),
        2 => "twice".to_owned(),
        many => format!("{many} times"),
    };
    let what = if unpacks { "failed to fetch and unpack its package" } else { "crashed" };
    let (words, advice) = match last {
        Some(last) if last.reason.as_deref() == Some("OOMKilled") => {
            (format!("was killed {times} for exceeding its memory limit"), USE_LESS_MEMORY)
        }
        Some(last) if last.exit_code == 0 => {
            (format!("exited {times} with code 0; a process must keep running"), READ_THE_LOG)
        }
        Some(last) => (format!("{what} {times}; last exit code {}", last.exit_code), READ_THE_LOG),
        None => (format!("{what} {times}"), READ_THE_LOG),
    };
    let message = last.and_then(|last| last.message.clone()).unwrap_or_default();
    Trouble::new(Healing::Crashing, words).saying(message.trim()).crashed(crashes).advising(advice)
}
