//! A separate console process for each case, and its resource usage.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::http::{self, Answer};

pub const MIB: u64 = 1024 * 1024;
pub const FORM: &str = "application/x-www-form-urlencoded";

/// Cases run one at a time, because their cost is measured.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A running console with an embedded cluster; killed when dropped.
pub struct Console {
    process: Child,
    pub address: SocketAddr,
    token: String,
    printed: Arc<Mutex<String>>,
    folder: PathBuf,
    _own_folder: Option<tempfile::TempDir>,
    _alone: MutexGuard<'static, ()>,
}

/// How a console is started.
pub struct Start<'a> {
    /// Options besides `--listen` and `--data`.
    pub options: &'a [&'a str],
    /// The data folder; a temporary one if `None`.
    pub data: Option<PathBuf>,
    pub stderr: Stdio,
    /// The program, if not the one built for the tests.
    pub program: Option<&'a Path>,
    /// A shell command to run first in the same process, such as `ulimit -n 100`.
    pub before: &'a str,
}

impl Default for Start<'_> {
    fn default() -> Self {
        Start { options: &[], data: None, stderr: Stdio::inherit(), program: None, before: ":" }
    }
}

impl Console {
    pub fn start() -> Console {
        Console::start_with(Start::default())
    }

    pub fn start_with(start: Start) -> Console {
        let alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let own_folder = start.data.is_none().then(|| tempfile::tempdir().expect("a folder"));
        let folder = match (&own_folder, start.data) {
            (Some(folder), _) => folder.path().join("data"),
            (None, data) => data.expect("one of the two"),
        };
        let mut process = Command::new("sh")
            .args(["-c", &format!("{} && exec \"$0\" \"$@\"", start.before)])
            .arg(start.program.map_or_else(program, Path::to_owned))
            .args(["serve", "--listen", "127.0.0.1:0", "--cluster-speed", "50", "--data"])
            .arg(&folder)
            .args(start.options)
            .env("KRT_CONSOLE_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(start.stderr)
            .spawn()
            .expect("the console starts");
        let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let link = lines.find_map(|line| {
            let (address, query) = line.split_once("http://")?.1.split_once("/sign-in?")?;
            let token = query.split('&').find_map(|pair| pair.strip_prefix("token="))?;
            Some((address.replace("localhost", "127.0.0.1").parse().expect("an address"), token.trim().to_owned()))
        });
        let Some((address, token)) = link else { panic!("the console ended: {:?}", process.wait()) };
        // Keeps reading, so that the console never blocks on its standard output.
        let printed = Arc::<Mutex<String>>::default();
        let more = printed.clone();
        std::thread::spawn(move || {
            lines.for_each(|line| more.lock().unwrap_or_else(PoisonError::into_inner).push_str(&line))
        });
        Console { process, address, token, printed, folder, _own_folder: own_folder, _alone: alone }
    }

    pub fn data(&self) -> &Path {
        &self.folder
    }

    /// The output after the first sign-in link.
    pub fn printed(&self) -> String {
        self.printed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Redeems the printed link. Returns the administrator's cookie.
    pub fn sign_in(&self) -> String {
        let answer = self.post("/sign-in", "", &http::urlencoded(&[("token", &self.token), ("next", "/")]));
        let answer = answer.expect("an answer");
        let cookie = answer.head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next().unwrap_or_default().trim())
        });
        cookie.unwrap_or_else(|| panic!("no session: {}\n{}", answer.head, answer.body)).to_owned()
    }

    /// A cookie of a user of this role, written into the database as a sign-in does.
    pub fn cookie_of(&self, role: &str) -> String {
        let token = format!("token of the {role}");
        let hash = hex::encode(Sha256::digest(&token));
        let database = self.database();
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_millis();
        let now = i64::try_from(now).expect("before the year 292277026");
        database
            .execute(
                "INSERT INTO users (name, role, created_at) VALUES (?1, ?2, ?3)",
                (&format!("the {role}"), role, now),
            )
            .expect("a user");
        let user = database.last_insert_rowid();
        database
            .execute(
                "INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
                (hash, user, now, now + 24 * 60 * 60 * 1000),
            )
            .expect("a session");
        let instance: String =
            database.query_row("SELECT value FROM meta WHERE name = 'instance'", [], |row| row.get(0)).expect("an ID");
        format!("krt-console-{instance}={token}")
    }

    /// Opens a second connection to the console's database.
    pub fn database(&self) -> rusqlite::Connection {
        let database = rusqlite::Connection::open(self.folder.join("krt-console.sqlite")).expect("the database");
        database.busy_timeout(Duration::from_secs(20)).expect("a timeout");
        database
    }

    pub fn get(&self, path: &str, cookie: &str) -> Option<Answer> {
        let headers = [("Accept", "text/html"), ("Cookie", cookie)];
        http::send(self.address, &format!("GET {path}"), &headers, b"")
    }

    /// Sends a form with this encoded body.
    pub fn post(&self, path: &str, cookie: &str, body: &str) -> Option<Answer> {
        self.post_as(path, cookie, FORM, body.as_bytes())
    }

    pub fn post_as(&self, path: &str, cookie: &str, kind: &str, body: &[u8]) -> Option<Answer> {
        self.send(&format!("POST {path}"), cookie, kind, body)
    }

    /// Sends a request with a body as a page of the console does.
    pub fn send(&self, request: &str, cookie: &str, kind: &str, body: &[u8]) -> Option<Answer> {
        let origin = format!("http://{}", self.address);
        let headers = [("Accept", "text/html"), ("Cookie", cookie), ("Origin", &*origin), ("Content-Type", kind)];
        http::send(self.address, request, &headers, body)
    }

    pub fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).expect("a connection")
    }

    /// Peak memory in bytes since [`Console::forget_peak`] (`VmHWM` of Linux).
    pub fn peak(&self) -> u64 {
        self.memory("VmHWM:")
    }

    /// Current memory of the process, in bytes.
    pub fn resident(&self) -> u64 {
        self.memory("VmRSS:")
    }

    /// Resets the peak.
    pub fn forget_peak(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.process_id()), "5").expect("Linux");
    }

    /// Current number of threads of the process.
    pub fn threads(&self) -> u64 {
        self.status("Threads:")
    }

    fn memory(&self, line: &str) -> u64 {
        self.status(line) * 1024
    }

    fn status(&self, line: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process_id())).expect("a process");
        let line = status.lines().find_map(|text| text.strip_prefix(line)).expect("Linux");
        line.split_whitespace().next().and_then(|number| number.parse::<u64>().ok()).expect("a number")
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub fn program() -> PathBuf {
    let named = std::env::var_os("KRT_CONSOLE_BINARY").map(PathBuf::from);
    named.unwrap_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_krt-console")))
}
