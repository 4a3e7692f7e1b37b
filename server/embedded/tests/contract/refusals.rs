//! Rejected requests, with the codes and wording of the real server.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Pod, Secret};
use serde_json::{Value, json};

use crate::list::behaviors;
use crate::support::{Cluster, config_map, deployment, gated_pod, refusal};

behaviors![
    names_follow_the_rules_of_their_kind,
    label_keys_and_values_are_validated,
    a_selector_is_immutable,
    a_selector_must_match_the_labels_of_its_template,
    a_pod_template_is_validated_like_a_pod,
    config_map_and_secret_keys_are_validated,
    a_config_map_above_one_mebibyte_is_rejected,
    the_type_of_a_secret_is_immutable,
    unknown_media_types_and_paths_are_rejected,
    a_rejection_is_a_status_that_names_every_invalid_field,
];

async fn names_follow_the_rules_of_their_kind(cluster: &Cluster) {
    for name in ["A", "a_b", "-a", "a..b", "a/b"] {
        let (code, reason, message) = refusal(cluster.create::<ConfigMap>(config_map(name, json!({}))).await);
        assert_eq!((code, reason.as_str()), (422, "Invalid"), "{name}");
        let expected = format!("ConfigMap \"{name}\" is invalid: metadata.name: Invalid value: \"{name}\"");
        assert!(message.starts_with(&expected), "{message}");
    }
    let _: ConfigMap = cluster.create(config_map("1.a", json!({}))).await.unwrap();
    let (code, _, message) = refusal(cluster.create::<ConfigMap>(json!({ "metadata": {} })).await);
    assert!(code == 422 && message.contains("name or generateName is required"), "{message}");
    let long = "a".repeat(64);
    let (code, _) = cluster
        .raw(
            "POST",
            "/api/v1/namespaces?dryRun=All",
            &[("content-type", "application/json")],
            &json!({ "metadata": { "name": long } }).to_string(),
        )
        .await;
    assert_eq!(code, 422);
}

async fn label_keys_and_values_are_validated(cluster: &Cluster) {
    let with = |key: &str, value: &str| {
        let mut labelled = config_map("a", json!({}));
        labelled["metadata"]["labels"] = json!({ key: value });
        labelled
    };
    let long = "a".repeat(64);
    for (key, value) in [
        ("l", "not a label"),
        ("l", &*long),
        ("l", "-a"),
        ("l/", "a"),
        ("Prefix.io/x", "a"),
        ("a/b/c", "d"),
        (&*long, "a"),
    ] {
        let (code, _, message) = refusal(cluster.create::<ConfigMap>(with(key, value)).await);
        assert!(code == 422 && message.contains("metadata.labels: Invalid value: "), "{key}={value}: {message}");
    }
    let _: ConfigMap = cluster.create(with("example.com/L_1.x", "V_1.x")).await.unwrap();
}

async fn a_selector_is_immutable(cluster: &Cluster) {
    let _: Deployment = cluster.apply("me", deployment("a", "image:1")).await.unwrap();
    let mut other = deployment("a", "image:1");
    for path in ["/spec/selector/matchLabels", "/spec/template/metadata/labels"] {
        *other.pointer_mut(path).unwrap() = json!({ "app": "other" });
    }
    let (code, _, message) = refusal(cluster.apply::<Deployment>("me", other).await);
    assert!(code == 422 && message.contains("spec.selector: Invalid value"), "{message}");
    assert!(message.ends_with("field is immutable"), "{message}");
}

async fn a_selector_must_match_the_labels_of_its_template(cluster: &Cluster) {
    let mut odd = deployment("a", "image:1");
    odd["spec"]["template"]["metadata"]["labels"] = json!({ "app": "other" });
    let (code, _, message) = refusal(cluster.create::<Deployment>(odd).await);
    assert!(code == 422 && message.contains("`selector` does not match template `labels`"), "{message}");
}

async fn a_pod_template_is_validated_like_a_pod(cluster: &Cluster) {
    let container = "/spec/template/spec/containers/0";
    let cases: [(&str, Value, &str); 7] = [
        ("/name", json!("Main"), "spec.template.spec.containers[0].name: Invalid value"),
        ("/image", json!(""), "spec.template.spec.containers[0].image: Required value"),
        ("/ports/0/containerPort", json!(70_000), "must be between 1 and 65535, inclusive"),
        ("/ports/0/name", json!("much-too-long-name"), "must be no more than 15 characters"),
        (
            "/env",
            json!([{ "name": "A=B", "value": "" }]),
            "spec.template.spec.containers[0].env[0].name: Invalid value",
        ),
        ("/volumeMounts", json!([{ "name": "none", "mountPath": "/x" }]), "Not found: \"none\""),
        (
            "/resources",
            json!({ "requests": { "cpu": "2" }, "limits": { "cpu": "1" } }),
            "must be less than or equal to cpu limit",
        ),
    ];
    for (field, value, expected) in cases {
        let mut odd = deployment("a", "image:1");
        let (parent, name) = field.rsplit_once('/').unwrap();
        odd.pointer_mut(&format!("{container}{parent}")).unwrap()[name] = value;
        let (code, _, message) = refusal(cluster.create::<Deployment>(odd).await);
        assert_eq!(code, 422, "{field}: {message}");
        assert!(message.contains(expected), "{field}: {message}");
    }
}

async fn config_map_and_secret_keys_are_validated(cluster: &Cluster) {
    for key in ["a b", "a/b", "..", ""] {
        let (code, _, message) = refusal(cluster.create::<ConfigMap>(config_map("a", json!({ key: "v" }))).await);
        assert!(code == 422 && message.contains("data["), "{key}: {message}");
        let secret = json!({ "metadata": { "name": "a" }, "stringData": { key: "v" } });
        assert_eq!(refusal(cluster.create::<Secret>(secret).await).0, 422, "{key}");
    }
}

async fn a_config_map_above_one_mebibyte_is_rejected(cluster: &Cluster) {
    let sized = |size: usize| config_map("a", json!({ "k": "x".repeat(size) }));
    let (code, _, message) = refusal(cluster.create::<ConfigMap>(sized(1_048_577)).await);
    assert!(code == 422 && message.contains("Too long"), "{message}");
    // Only slightly above the limit: the server may close the connection of a much larger request before it responds.
    let (code, reason, _) = refusal(cluster.create::<ConfigMap>(sized((3 << 20) + 1_024)).await);
    assert_eq!((code, reason.as_str()), (413, "RequestEntityTooLarge"));
}

async fn the_type_of_a_secret_is_immutable(cluster: &Cluster) {
    let typed = |kind: &str| json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "a" }, "type": kind });
    let _: Secret = cluster.apply("me", typed("Opaque")).await.unwrap();
    let (code, _, message) = refusal(cluster.apply::<Secret>("me", typed("example.com/other")).await);
    assert!(
        code == 422 && message.contains("type: Invalid value") && message.ends_with("field is immutable"),
        "{message}"
    );
}

async fn unknown_media_types_and_paths_are_rejected(cluster: &Cluster) {
    let maps = cluster.path("/api/v1", "configmaps");
    let one = format!("{maps}/a");
    let cases = [
        ("POST", &*maps, "text/plain", "{}", 415),
        ("PATCH", &*one, "application/json", "{}", 415),
        ("POST", &*maps, "application/json", "{", 400),
        ("POST", &*maps, "application/json", "{\"data\":{\"a\":1},\"metadata\":{\"name\":\"a\"}}", 400),
        ("GET", "/apis/apps/v1/nothing", "application/json", "", 404),
        ("GET", "/apis/none.example.com/v1", "application/json", "", 404),
        ("PUT", &*maps, "application/json", "{}", 405),
    ];
    for (method, path, kind, body, expected) in cases {
        let (code, answer) = cluster.raw(method, path, &[("content-type", kind)], body).await;
        assert_eq!(code, expected, "{method} {path} {body}: {answer}");
    }
}

async fn a_rejection_is_a_status_that_names_every_invalid_field(cluster: &Cluster) {
    let mut odd = gated_pod("P");
    odd["spec"]["containers"][0]["image"] = "".into();
    let path = cluster.path("/api/v1", "pods");
    let (code, status) = cluster.raw("POST", &path, &[("content-type", "application/json")], &odd.to_string()).await;
    assert_eq!((code, &status["code"]), (422, &json!(422)));
    let about = [&status["kind"], &status["apiVersion"], &status["status"], &status["reason"]];
    assert_eq!(about, ["Status", "v1", "Failure", "Invalid"]);
    assert_eq!((&status["details"]["name"], &status["details"]["kind"]), (&json!("P"), &json!("Pod")));
    let causes = status["details"]["causes"].as_array().unwrap();
    let fields: Vec<(&str, &str)> =
        causes.iter().map(|one| (one["field"].as_str().unwrap(), one["reason"].as_str().unwrap())).collect();
    assert!(fields.contains(&("metadata.name", "FieldValueInvalid")), "{fields:?}");
    assert!(fields.contains(&("spec.containers[0].image", "FieldValueRequired")), "{fields:?}");
    let (_, status) = cluster.raw("GET", &format!("{path}/none"), &[], "").await;
    assert_eq!(status["details"], json!({ "name": "none", "kind": "pods" }));
    let _: kube::Result<Pod> = cluster.pods().get("none").await;
}
