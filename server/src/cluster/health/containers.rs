//! What is wrong with one container.

use k8s_openapi::api::core::v1::{ContainerStateTerminated, ContainerStatus};

use super::{Healing, Trouble};

/// The trouble of a container, from its states. `unpacks`: it is the init container, which fetches the package.
pub(super) fn trouble(status: &ContainerStatus, unpacks: bool) -> Option<Trouble> {
    let state = status.state.as_ref()?;
    let last = status.last_state.as_ref().and_then(|last| last.terminated.as_ref());
    if let Some(waiting) = &state.waiting {
        let said = waiting.message.clone().unwrap_or_default();
        return match waiting.reason.as_deref().unwrap_or_default() {
            "ErrImagePull" | "ImagePullBackOff" | "RegistryUnavailable" => {
                Some(Trouble::new(Healing::Hardly, format!("the image {} cannot be pulled", status.image)).saying(said))
            }
            "InvalidImageName" | "ErrImageNeverPull" => {
                Some(Trouble::new(Healing::Never, format!("the image {} cannot be used", status.image)).saying(said))
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
    let words = match last {
        Some(last) if last.reason.as_deref() == Some("OOMKilled") => {
            format!("it was killed {times} for using more memory than its limit")
        }
        Some(last) if last.exit_code == 0 => format!("it ended by itself {times}, and was expected to run on"),
        Some(last) => format!("{what} {times}, last with exit code {}", last.exit_code),
        None => format!("{what} {times}"),
    };
    let message = last.and_then(|last| last.message.clone()).unwrap_or_default();
    Trouble::new(Healing::Crashing, words).saying(message.trim()).crashed(crashes)
}
