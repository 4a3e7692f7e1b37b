//! Whose request it is: the address that a trusted proxy names, or the one that the connection came from.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, header};
use ipnet::IpNet;

/// Proxies whose word is taken.
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

    /// The client of a request that came from a trusted proxy: the last hop that is none of ours. What is written before
    /// it anybody may have written.
    pub fn client(&self, proxy: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = proxy;
        for hop in hops(headers).into_iter().rev() {
            // What cannot be read was not written by a proxy of ours: the one that passed it on is as far as we see.
            let Some(hop) = hop else { return client };
            client = hop;
            if !self.trust(hop) {
                return client;
            }
        }
        client
    }
}

/// The hops in the order that they were passed; `X-Forwarded-For` where there is one, as most proxies set that only.
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

/// `10.0.0.1`, `10.0.0.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`.
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
    fn the_last_hop_that_is_not_ours_is_the_client() {
        check(&[("x-forwarded-for", "203.0.113.7")], "203.0.113.7");
        check(&[("x-forwarded-for", "1.2.3.4, 203.0.113.7, 10.0.0.8")], "203.0.113.7");
        check(&[("x-forwarded-for", "203.0.113.7:4711")], "203.0.113.7");
        check(&[("x-forwarded-for", "10.0.0.7, fd00::1")], "10.0.0.7");
        check(&[("forwarded", "for=1.2.3.4, for=\"[2001:db8::1]:4711\";proto=https;by=10.0.0.8")], "2001:db8::1");
        check(&[("forwarded", "proto=https;For=203.0.113.7")], "203.0.113.7");
    }

    #[test]
    fn what_says_nothing_leaves_the_proxy() {
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
