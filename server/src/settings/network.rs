//! IP networks; a single address is a network of one.

use std::net::IpAddr;

use ipnet::IpNet;

/// Parses `10.0.0.1`, `10.0.0.0/8` or `fd00::/8`.
pub fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse().ok().map(|address: IpAddr| IpNet::from(address.to_canonical()));
    let found = text.parse().ok().or_else(address);
    found.ok_or_else(|| "expected an address or a network, such as 10.0.0.1 or 10.0.0.0/8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_network_of_one() {
        assert_eq!(network("10.0.0.1").unwrap().to_string(), "10.0.0.1/32");
        assert_eq!(network("::1").unwrap().to_string(), "::1/128");
        assert_eq!(network("10.0.0.0/8").unwrap().to_string(), "10.0.0.0/8");
        assert!(network("proxy").is_err() && network("10.0.0.0/33").is_err());
    }
}
