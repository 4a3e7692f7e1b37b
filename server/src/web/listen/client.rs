//! The client address of a request: named by a trusted proxy, or the peer address of the connection.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, header};
use ipnet::IpNet;

/// Trusted proxies.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    pub fn new(trusted: &[IpNet]) -> Proxies {
        Proxies(trusted.to_vec())
    }

    pub fn trust(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client of a request from a trusted proxy: the last hop that is not a trusted proxy. Earlier hops may be
    /// forged.
    pub fn client(&self, proxy: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = proxy;
        for hop in hops(headers).into_iter().rev() {
            // A trusted proxy writes valid addresses; so this entry is foreign, and the hop after it is the client.
            let Some(hop) = hop else { return client };
            client = hop;
            if !self.trust(hop) {
                return client;
            }
        }
        client
    }
}

/// The hops in order, from `X-Forwarded-For` if present, since most proxies set only that header, else `Forwarded`.
fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let values = |name| headers.get_all(name).iter().flat_map(|value| value.to_str().unwrap_or("?").split(','));
    if headers.contains_key("x-forwarded-for") {
        return values("x-forwarded-for").map(address).collect();
    }
    values(header::FORWARDED.as_str())
        .map(|hop| {
            let pairs = hop.split(';').filter_map(|pair| pair.trim().split_once('='));
            let mut named = pairs.filter(|(name, _)| name.eq_ignore_ascii_case("for"));
            named.next().and_then(|(_, client)| address(client.trim().trim_matches('"')))
        })
        .collect()
}

/// Parses `10.0.0.1`, `10.0.0.1:4711`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:4711`.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let plain = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse().ok().map(|address: SocketAddr| address.ip());
    plain.parse().ok().or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &[(&'static str, &str)], expected: &str) {
        let proxies = Proxies::new(&["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]);
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        assert_eq!(proxies.client("10.0.0.9".parse().unwrap(), &headers).to_string(), expected, "{headers:?}");
    }

    #[test]
    fn the_last_untrusted_hop_is_the_client() {
        check(&[("x-forwarded-for", "203.0.113.7")], "203.0.113.7");
        check(&[("x-forwarded-for", "1.2.3.4, 203.0.113.7, 10.0.0.8")], "203.0.113.7");
        check(&[("x-forwarded-for", "203.0.113.7:4711")], "203.0.113.7");
        check(&[("x-forwarded-for", "10.0.0.7, fd00::1")], "10.0.0.7");
        check(&[("forwarded", "for=1.2.3.4, for=\"[2001:db8::1]:4711\";proto=https;by=10.0.0.8")], "2001:db8::1");
        check(&[("forwarded", "proto=https;For=203.0.113.7")], "203.0.113.7");
    }

    #[test]
    fn without_a_valid_hop_the_proxy_is_the_client() {
        check(&[], "10.0.0.9");
        check(&[("x-forwarded-for", "")], "10.0.0.9");
        check(&[("x-forwarded-for", "1.2.3.4, unknown, 10.0.0.8")], "10.0.0.8");
        check(&[("forwarded", "for=_hidden")], "10.0.0.9");
    }

    #[test]
    fn an_address_written_as_ipv6_is_the_same_proxy() {
        let proxies = Proxies::new(&["10.0.0.0/8".parse().unwrap()]);
        assert!(proxies.trust("::ffff:10.1.2.3".parse().unwrap()) && !proxies.trust("11.0.0.1".parse().unwrap()));
    }
}
