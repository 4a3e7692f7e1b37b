//! How many pods each ReplicaSet of a Deployment should have now: rolling update and recreate. Pure: no store, no
//! clock.

use serde_json::Value;

use crate::store::Object;

/// The desired replica count of each set: the newest set first, then the old ones from oldest to newest.
pub fn plan(deployment: &Value, newest: &Object, old: &[Object]) -> Vec<(Object, i64)> {
    let wanted = deployment["spec"]["replicas"].as_i64().unwrap_or(1);
    if deployment["spec"]["strategy"]["type"] == "Recreate" {
        return recreate(wanted, newest, old);
    }
    let rolling = &deployment["spec"]["strategy"]["rollingUpdate"];
    let surge = share(&rolling["maxSurge"], wanted, true);
    let mut unavailable = share(&rolling["maxUnavailable"], wanted, false);
    if surge == 0 && unavailable == 0 {
        unavailable = 1;
    }
    let total: i64 = replicas(newest) + old.iter().map(replicas).sum::<i64>();
    let room = (wanted + surge - total).max(0);
    let present = replicas(newest);
    let target =
        if old.iter().all(|set| replicas(set) == 0) || present > wanted { wanted } else { wanted.min(present + room) };
    if target != present {
        // One step at a time: the old sets are scaled only after the new one has its replica count.
        let unchanged = old.iter().map(|set| (set.clone(), replicas(set)));
        return std::iter::once((newest.clone(), target)).chain(unchanged).collect();
    }
    let least = wanted - unavailable;
    let not_yet = present - available(newest);
    // Counts desired replicas, since the status of a set that was just scaled still reports more.
    let mut may_go = (total - least - not_yet).max(0);
    let ready: i64 = available(newest) + old.iter().map(available).sum::<i64>();
    let mut spare = (ready - least).max(0);
    let mut plan = vec![(newest.clone(), target)];
    for set in old {
        // Unavailable pods serve no requests and are removed first.
        let broken = (replicas(set) - available(set)).min(may_go);
        may_go -= broken;
        let taken = available(set).min(spare).min(may_go);
        (may_go, spare) = (may_go - taken, spare - taken);
        plan.push((set.clone(), replicas(set) - broken - taken));
    }
    plan
}

fn recreate(wanted: i64, newest: &Object, old: &[Object]) -> Vec<(Object, i64)> {
    let empty = old.iter().all(|set| replicas(set) == 0 && count(set, "replicas") == 0);
    let mut plan = vec![(newest.clone(), if empty { wanted } else { replicas(newest) })];
    plan.extend(old.iter().map(|set| (set.clone(), 0)));
    plan
}

fn replicas(set: &Object) -> i64 {
    set["spec"]["replicas"].as_i64().unwrap_or(0)
}

/// Available pods, capped at the desired number, since the status may lag behind the spec.
fn available(set: &Object) -> i64 {
    count(set, "availableReplicas").min(replicas(set))
}

fn count(set: &Object, field: &str) -> i64 {
    set["status"][field].as_i64().unwrap_or(0)
}

/// `25%` of the desired number, or the number itself.
fn share(value: &Value, wanted: i64, up: bool) -> i64 {
    let Some(text) = value.as_str() else { return value.as_i64().unwrap_or(0).max(0) };
    let percent: i64 = text.trim_end_matches('%').parse().unwrap_or(25);
    let hundredths = wanted * percent;
    if up { (hundredths + 99) / 100 } else { hundredths / 100 }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;

    fn set(wanted: i64, available: i64) -> Object {
        Arc::new(
            json!({ "spec": { "replicas": wanted }, "status": { "replicas": wanted, "availableReplicas": available } }),
        )
    }

    fn check(replicas: i64, newest: Object, old: &[Object]) -> Vec<i64> {
        let rolling = json!({ "maxSurge": "25%", "maxUnavailable": "25%" });
        let deployment = json!({ "spec": { "replicas": replicas, "strategy": { "type": "RollingUpdate", "rollingUpdate": rolling } } });
        plan(&deployment, &newest, old).into_iter().map(|(_, number)| number).collect()
    }

    #[test]
    fn a_single_pod_is_replaced_only_when_the_new_one_is_available() {
        assert_eq!(check(1, set(0, 0), &[]), [1]);
        assert_eq!(check(1, set(0, 0), &[set(1, 1)]), [1, 1]);
        assert_eq!(check(1, set(1, 0), &[set(1, 1)]), [1, 1]);
        assert_eq!(check(1, set(1, 1), &[set(1, 1)]), [1, 0]);
    }

    #[test]
    fn a_lagging_status_does_not_remove_a_pod() {
        let lagging =
            Arc::new(json!({ "spec": { "replicas": 1 }, "status": { "replicas": 3, "availableReplicas": 3 } }));
        assert_eq!(check(1, set(1, 0), &[lagging]), [1, 1]);
    }

    #[test]
    fn four_pods_roll_one_by_one_and_unavailable_ones_are_removed_first() {
        assert_eq!(check(4, set(0, 0), &[set(4, 4)]), [1, 4]);
        assert_eq!(check(4, set(1, 0), &[set(4, 4)]), [1, 3]);
        assert_eq!(check(4, set(1, 1), &[set(4, 4)]), [1, 2]);
        assert_eq!(check(4, set(1, 0), &[set(4, 1)]), [1, 3]);
    }
}
