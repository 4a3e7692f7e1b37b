//! What is wrong with one container.

use k8s_openapi::api::core::v1::{ContainerStateTerminated, ContainerStatus};

use super::{Healing, Trouble};

const CHECK_IMAGE: &str = "Check its name and tag in krt.yml, and that the cluster may pull it; then start it again, or add a version with the right image.";
const READ_THE_LOG: &str = "Its last log lines say more; mend its code or its configuration, then start it again.";
const USE_LESS_MEMORY: &str = "Let it use less memory, or ask whoever runs the cluster for a higher limit.";

/// The trouble of a container, from its states. `unpacks`: it is the init container, which fetches the package.
pub(super) fn trouble(status: &ContainerStatus, unpacks: bool) -> Option<Trouble> {
    let state = status.state.as_ref()?;
    let last = status.last_state.as_ref().and_then(|last| last.terminated.as_ref());
    if let Some(waiting) = &state.waiting {
        let said = waiting.message.clone().unwrap_or_default();
        return match waiting.reason.as_deref().unwrap_or_default() {
            "ErrImagePull" | "ImagePullBackOff" | "RegistryUnavailable" => {
                let words = format!("the image {} cannot be pulled", status.image);
                Some(Trouble::new(Healing::Hardly, words).saying(said).advising(CHECK_IMAGE))
            }
            "InvalidImageName" | "ErrImageNeverPull" => {
                let words = format!("the image {} cannot be used", status.image);
                Some(Trouble::new(Healing::Never, words).saying(said).advising(CHECK_IMAGE))
            }
            "CreateContainerConfigError" => Some(configuration(&said)),
            "CreateContainerError" | "RunContainerError" => {
                Some(Trouble::new(Healing::Hardly, "its container cannot be started").saying(said))
            }
            "CrashLoopBackOff" => Some(crash(last, status.restart_count, unpacks).saying(said)),
            _ => last.map(|last| crash(Some(last), status.restart_count, unpacks)),
        };
    }
    if let Some(terminated) = &state.terminated {
        let ended_well = terminated.exit_code == 0 && unpacks;
        // Restarts are counted when it comes up again; this end is one more.
        return (!ended_well).then(|| crash(Some(terminated), status.restart_count + 1, unpacks));
    }
    // It runs again after a crash, and has yet to show that it stays.
    last.filter(|last| last.exit_code != 0).map(|last| crash(Some(last), status.restart_count, unpacks))
}

fn configuration(said: &str) -> Trouble {
    let is_missing = said.contains("not found");
    let words =
        if is_missing { "its configuration is missing in the cluster" } else { "its configuration cannot be used" };
    Trouble::new(Healing::Hardly, words).saying(said)
}

fn crash(last: Option<&ContainerStateTerminated>, crashes: i32, unpacks: bool) -> Trouble {
    let times = match crashes {
        i32::MIN..=1 => "once".to_owned(),
        2 => "twice".to_owned(),
        many => format!("{many} times"),
    };
    let what = if unpacks { "fetching and unpacking its package failed" } else { "it crashed" };
    let (words, advice) = match last {
        Some(last) if last.reason.as_deref() == Some("OOMKilled") => {
            (format!("it was killed {times} for using more memory than its limit"), USE_LESS_MEMORY)
        }
        Some(last) if last.exit_code == 0 => {
            (format!("it ended by itself {times}, and was expected to run on"), READ_THE_LOG)
        }
        Some(last) => (format!("{what} {times}, last with exit code {}", last.exit_code), READ_THE_LOG),
        None => (format!("{what} {times}"), READ_THE_LOG),
    };
    let message = last.and_then(|last| last.message.clone()).unwrap_or_default();
    Trouble::new(Healing::Crashing, words).saying(message.trim()).crashed(crashes).advising(advice)
}
