//! Where the server listens, at an IP address or a host name of this machine, and which networks' proxies it trusts.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use ipnet::IpNet;
use tokio::net::TcpListener;

/// `127.0.0.1:3000`, `[::1]:3000`, `localhost:3000`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    Address(SocketAddr),
    Name(String, u16),
}

impl Listen {
    pub fn port(&self) -> u16 {
        match self {
            Listen::Address(address) => address.port(),
            Listen::Name(_, port) => *port,
        }
    }

    /// Opens the socket. For a name, tries its addresses in turn, IPv4 first, since not every client supports IPv6.
    ///
    /// # Errors
    /// Fails when the name cannot be resolved or none of its addresses can be bound.
    pub async fn bind(&self) -> io::Result<TcpListener> {
        match self {
            Listen::Address(address) => TcpListener::bind(address).await,
            Listen::Name(name, port) => {
                let mut addresses: Vec<_> = tokio::net::lookup_host((name.as_str(), *port)).await?.collect();
                addresses.sort_by_key(|address| !address.is_ipv4());
                TcpListener::bind(&addresses[..]).await
            }
        }
    }
}

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> Result<Listen, String> {
        if let Ok(address) = text.parse() {
            return Ok(Listen::Address(address));
        }
        let named = text.rsplit_once(':').and_then(|(name, port)| Some((name, port.parse().ok()?)));
        let is_name = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
        };
        match named {
            Some((name, port)) if is_name(name) => Ok(Listen::Name(name.to_ascii_lowercase(), port)),
            _ => Err("expected an address and a port, such as 127.0.0.1:3000, [::1]:3000 or localhost:3000".to_owned()),
        }
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Listen::Address(address) => address.fmt(f),
            Listen::Name(name, port) => write!(f, "{name}:{port}"),
        }
    }
}

/// Parses the network of a trusted proxy, of which a single address is a network of one: `10.0.0.1`, `10.0.0.0/8` or `fd00::/8`.
pub fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse().ok().map(|address: IpAddr| IpNet::from(address.to_canonical()));
    let found = text.parse().ok().or_else(address);
    found.ok_or_else(|| "expected an address or a network, such as 10.0.0.1 or 10.0.0.0/8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names_are_distinguished() {
        for text in ["127.0.0.1:3000", "[::1]:0", "0.0.0.0:80"] {
            assert_eq!(text.parse(), Ok(Listen::Address(text.parse().unwrap())), "{text}");
        }
        assert_eq!("LocalHost:3000".parse(), Ok(Listen::Name("localhost".to_owned(), 3000)));
        assert_eq!("my-host.example.org:80".parse(), Ok(Listen::Name("my-host.example.org".to_owned(), 80)));
    }

    #[test]
    fn a_missing_port_or_host_is_rejected() {
        for text in
            ["", "localhost", "3000", ":3000", "localhost:", "localhost:70000", "http://localhost:3000", "::1:3000"]
        {
            assert!(text.parse::<Listen>().is_err(), "{text}");
        }
    }

    #[tokio::test]
    async fn localhost_can_be_listened_on() {
        let listener = "localhost:0".parse::<Listen>().unwrap().bind().await.unwrap();
        assert!(listener.local_addr().unwrap().ip().is_loopback());
    }

    #[test]
    fn an_address_is_a_network_of_one() {
        assert_eq!(network("10.0.0.1").unwrap().to_string(), "10.0.0.1/32");
        assert_eq!(network("::1").unwrap().to_string(), "::1/128");
        assert_eq!(network("10.0.0.0/8").unwrap().to_string(), "10.0.0.0/8");
        assert!(network("proxy").is_err() && network("10.0.0.0/33").is_err());
    }
}
