//! Host names that the console accepts. Requests for other names are rejected, to prevent DNS rebinding.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use axum::http::Uri;
use axum::http::uri::Authority;

use super::{Listen, PublicUrl, Settings};

/// A host of `--allowed-host`: `console.example.org`, or `*.example.org` for all its subdomains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedHost(String);

impl FromStr for AllowedHost {
    type Err = String;

    fn from_str(text: &str) -> Result<AllowedHost, String> {
        let host = text.trim().to_ascii_lowercase();
        let name = host.strip_prefix("*.").unwrap_or(&host);
        let labels = name.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        });
        let is_address = host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
        match labels || is_address {
            true => Ok(AllowedHost(host)),
            false => Err("expected a host name without scheme or port: console.example.org, *.example.org".to_owned()),
        }
    }
}

impl fmt::Display for AllowedHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The accepted hosts. Ports are ignored, since a port-forward can use any port.
#[derive(Clone, Debug, Default)]
pub struct Hosts {
    /// In lower case; addresses in canonical form, without brackets.
    names: BTreeSet<String>,
    /// `.example.org`
    endings: Vec<String>,
    /// Accept every IP address, since no DNS name is involved. Set when the console listens on all addresses.
    any_address: bool,
}

impl Hosts {
    /// The hosts of `--public-url`, `--listen`, `--allowed-host`, and `--pods-url` for the pods.
    pub fn of(settings: &Settings, public_url: &PublicUrl) -> Hosts {
        let mut hosts = Hosts::default();
        for url in [public_url.origin(), &settings.on_cluster.pods_url] {
            let host = url.parse::<Uri>().ok().and_then(|url| url.host().map(normal));
            hosts.names.extend(host);
        }
        let is_local = match &settings.listen {
            Listen::Name(name, _) => {
                hosts.names.insert(normal(name));
                name == "localhost"
            }
            Listen::Address(address) => {
                let ip = address.ip().to_canonical();
                hosts.names.insert(ip.to_string());
                hosts.any_address = ip.is_unspecified();
                ip.is_unspecified() || ip.is_loopback()
            }
        };
        if is_local {
            hosts.names.extend(["localhost", "127.0.0.1", "::1"].map(str::to_owned));
        }
        for AllowedHost(host) in &settings.allowed_host {
            match host.strip_prefix('*') {
                Some(ending) => hosts.endings.push(ending.to_owned()),
                None => drop(hosts.names.insert(normal(host))),
            }
        }
        hosts
    }

    /// Whether requests for this host are accepted, given as in the `Host` header.
    pub fn allow(&self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else { return false };
        // An authority may contain a user name, a host may not.
        if authority.as_str().contains('@') {
            return false;
        }
        let name = normal(authority.host());
        self.names.contains(&name)
            || self.endings.iter().any(|ending| name.ends_with(ending.as_str()))
            || (self.any_address && name.parse::<IpAddr>().is_ok())
    }
}

/// Normalizes a host such as `Console.Example.org.` or `[::1]` for comparison.
fn normal(host: &str) -> String {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    match host.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().to_string(),
        Err(_) => host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use clap::{Args, Command, FromArgMatches};

    use super::*;

    fn hosts(options: &[&str]) -> Hosts {
        let command = Settings::augment_args(Command::new("test")).mut_args(|argument| argument.env(None::<&str>));
        let matches = command.get_matches_from(std::iter::once(&"test").chain(options));
        let settings = Settings::from_arg_matches(&matches).unwrap();
        let public_url = settings.public_url.clone();
        Hosts::of(&settings, &public_url.unwrap_or_else(|| "http://127.0.0.1:3000".parse().unwrap()))
    }

    #[track_caller]
    fn check(options: &[&str], allowed: &[&str], refused: &[&str]) {
        let hosts = hosts(options);
        for host in allowed {
            assert!(hosts.allow(host), "{host} is refused");
        }
        for host in refused {
            assert!(!hosts.allow(host), "{host} is allowed");
        }
    }

    #[test]
    fn a_console_on_loopback_accepts_the_names_of_loopback() {
        check(
            &[],
            &["127.0.0.1:3000", "localhost", "LOCALHOST:8080", "[::1]:3000", "localhost."],
            &["", "evil.example", "127.0.0.2", "localhost.evil.example", "a@localhost", "10.0.0.1"],
        );
    }

    #[test]
    fn a_console_on_all_addresses_accepts_any_address_and_no_other_name() {
        check(
            &["--listen", "0.0.0.0:3000", "--public-url", "https://console.example.org"],
            &["console.example.org", "console.example.org:443", "10.1.2.3:3000", "[2001:db8::1]", "localhost:8080"],
            &["evil.example", "example.org", "x.console.example.org"],
        );
    }

    #[test]
    fn a_console_accepts_the_configured_hosts() {
        check(
            &["--listen", "10.0.0.5:80", "--allowed-host", "one.example,*.two.example", "--allowed-host", "[fd00::1]"],
            &["10.0.0.5", "one.example", "a.two.example:8080", "a.b.two.example", "[fd00::1]:80"],
            &["10.0.0.6", "two.example", "atwo.example", "localhost", "a.one.example"],
        );
        check(&["--listen", "box:80"], &["box", "krt-console.krt-console.svc:3000"], &["localhost", "krt-console"]);
    }

    #[test]
    fn an_allowed_host_is_a_host_and_nothing_else() {
        for text in ["", "*", "*.", "http://a", "a/b", "a:80", "a..b", "*a.example"] {
            assert!(text.parse::<AllowedHost>().is_err(), "{text}");
        }
    }
}
