//! The processes: a cluster that keeps running, and consoles that are killed.

use std::cell::RefCell;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::{http, package};

const PROGRAM: &str = env!("CARGO_BIN_EXE_krt-console");
const START_PATIENCE: Duration = Duration::from_secs(30);

fn kubeconfig(folder: &Path) -> PathBuf {
    folder.join("kubeconfig.yaml")
}

/// `krt-console cluster` with fast pods.
pub struct Cluster {
    process: Child,
    address: SocketAddr,
}

impl Cluster {
    pub fn start(folder: &Path) -> Cluster {
        let process = Command::new(PROGRAM)
            .args(["cluster", "--listen", "127.0.0.1:0", "--speed", "50", "--log", "warn", "--write-kubeconfig"])
            .arg(kubeconfig(folder))
            .spawn()
            .expect("the cluster starts");
        let address = testing::eventually("the cluster writes its kubeconfig", START_PATIENCE, || {
            let config = std::fs::read_to_string(kubeconfig(folder)).ok()?;
            let server =
                config.lines().find_map(|line| line.trim().trim_start_matches("- ").strip_prefix("server:"))?;
            let address = server.trim().trim_matches('"').strip_prefix("http://")?;
            Some(address.trim_end_matches('/').parse().expect("an address"))
        });
        Cluster { process, address }
    }

    pub fn deployments(&self, namespace: &str) -> usize {
        let list = self.get(&format!("/apis/apps/v1/namespaces/{namespace}/deployments")).expect("a list");
        list["items"].as_array().expect("items").len()
    }

    /// The version that receives external requests.
    pub fn public_version(&self, namespace: &str) -> Option<String> {
        let service = self.get(&format!("/api/v1/namespaces/{namespace}/services/active-entrypoint"))?;
        let name = service["spec"]["selector"]["version-name"].as_str().expect("a selector");
        Some(name.strip_suffix("-entrypoint").expect("the documented ending").to_owned())
    }

    fn get(&self, path: &str) -> Option<Value> {
        let answer = http::send(self.address, &format!("GET {path}"), &[("Accept", "application/json")], b"");
        let answer = answer.expect("the cluster lives");
        (answer.status == 200).then(|| serde_json::from_str(dechunked(&answer.body).trim()).expect("JSON"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Joins a chunked body; returns any other body unchanged.
fn dechunked(body: &str) -> String {
    if body.starts_with(['{', '[']) {
        return body.to_owned();
    }
    let mut rest = body;
    let mut whole = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).expect("the size of a chunk");
        if size == 0 {
            break;
        }
        whole += &after[..size];
        rest = after[size..].trim_start_matches("\r\n");
    }
    whole
}

/// `krt-console serve` with the files in a folder.
pub struct Console {
    process: RefCell<Child>,
    address: SocketAddr,
    token: String,
}

impl Console {
    /// Starts a console. Returns `None` when it died from `die_after_writes` before it was ready.
    pub fn start(folder: &Path, die_after_writes: Option<u32>) -> Option<Console> {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--listen", "127.0.0.1:0", "--log", "warn", "--cluster", "kubeconfig", "--kubeconfig"]);
        command.arg(kubeconfig(folder)).arg("--data").arg(folder.join("data"));
        if let Some(writes) = die_after_writes {
            command.env("KRT_CONSOLE_FAIL_AFTER_WRITES", writes.to_string());
        }
        let mut process = command.stdout(Stdio::piped()).spawn().expect("the console starts");
        let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let link = lines.find_map(|line| {
            let (address, query) = line.split_once("http://")?.1.split_once("/sign-in?")?;
            let token = query.split('&').find_map(|pair| pair.strip_prefix("token="))?;
            Some((address.parse().expect("an address"), token.trim().to_owned()))
        });
        let Some((address, token)) = link else {
            assert!(die_after_writes.is_some(), "the console ended: {:?}", process.wait());
            let _ = process.wait();
            return None;
        };
        Some(Console { process: RefCell::new(process), address, token })
    }

    /// Redeems the printed link. Returns the session cookie, which is valid for later consoles on the same files, too.
    pub fn sign_in(&self) -> String {
        let body = http::urlencoded(&[("token", &self.token), ("next", "/")]);
        let answer = self.send("POST /sign-in", FORM, "text/html", "", body.as_bytes()).expect("an answer");
        let cookie = answer.head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next().unwrap_or_default().trim())
        });
        cookie.unwrap_or_else(|| panic!("no session: {}\n{}", answer.head, answer.body)).to_owned()
    }

    /// Sends a form. Returns the status of the response, if the console lived to send one.
    pub fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Option<u16> {
        let body = http::urlencoded(fields);
        self.send(&format!("POST {path}"), FORM, "text/html", cookie, body.as_bytes()).map(|answer| answer.status)
    }

    pub fn upload(&self, path: &str, cookie: &str, version: &str) -> Option<u16> {
        let mut body = Vec::new();
        for (name, value) in [("reason", "to be killed"), ("idempotency_key", version)] {
            body.extend(
                format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        let head = format!("form-data; name=\"package\"; filename=\"{version}.krt\"");
        body.extend(format!("--limit\r\nContent-Disposition: {head}\r\n\r\n").bytes());
        body.extend(package::of_version(version));
        body.extend(b"\r\n--limit--\r\n");
        let kind = "multipart/form-data; boundary=limit";
        self.send(&format!("POST {path}"), kind, "application/json", cookie, &body).map(|answer| answer.status)
    }

    fn send(&self, request: &str, kind: &str, accept: &str, cookie: &str, body: &[u8]) -> Option<http::Answer> {
        let origin = format!("http://{}", self.address);
        let headers = [("Origin", &*origin), ("Cookie", cookie), ("Content-Type", kind), ("Accept", accept)];
        http::send(self.address, request, &headers, body)
    }

    pub fn is_dead(&self) -> bool {
        self.process.borrow_mut().try_wait().expect("a process").is_some()
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

impl Drop for Console {
    fn drop(&mut self) {
        let process = self.process.get_mut();
        let _ = process.kill();
        let _ = process.wait();
    }
}
