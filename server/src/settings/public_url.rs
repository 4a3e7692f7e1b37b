//! The public URL of the console: scheme and authority, without a path.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use axum::http::Uri;

use super::Listen;

/// `http://127.0.0.1:3000` or `https://console.example.org`, without a path, in the form of a browser's origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The URL without a proxy: http and the listening name or address. A wildcard address is replaced by `localhost`,
    /// because browsers cannot open it.
    pub fn of_listener(listen: &Listen, address: SocketAddr) -> PublicUrl {
        if let Listen::Name(name, _) = listen {
            PublicUrl(format!("http://{name}:{}", address.port()))
        } else if address.ip().is_unspecified() {
            PublicUrl(format!("http://localhost:{}", address.port()))
        } else {
            PublicUrl(format!("http://{address}"))
        }
    }

    /// The URL as browsers send it in the `Origin` header.
    pub fn origin(&self) -> &str {
        &self.0
    }

    /// Whether cookies must be sent over https only.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The full URL of a path of the console.
    pub fn join(&self, path_and_query: &str) -> String {
        format!("{}{path_and_query}", self.0)
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<PublicUrl, String> {
        let expected = "expected a URL such as https://console.example.org";
        let url: Uri = text.trim().parse().map_err(|_| expected.to_owned())?;
        let (Some(scheme), Some(authority)) = (url.scheme_str(), url.authority()) else {
            return Err(expected.to_owned());
        };
        if !matches!(scheme, "http" | "https") || authority.as_str().contains('@') {
            return Err(expected.to_owned());
        }
        if url.path_and_query().is_some_and(|rest| rest != "/") {
            return Err("remove the path: the console needs a host name of its own".to_owned());
        }
        // Browsers write origins in lower case and without the default port.
        let port = url.port_u16().filter(|port| *port != if scheme == "https" { 443 } else { 80 });
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        Ok(PublicUrl(format!("{scheme}://{}{port}", authority.host().to_ascii_lowercase())))
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_written_as_browsers_write_origins() {
        for (typed, origin) in [
            ("https://Console.example.org", "https://console.example.org"),
            ("https://console.example.org:443/", "https://console.example.org"),
            ("http://10.0.0.1:8080", "http://10.0.0.1:8080"),
            ("http://[::1]:3000/", "http://[::1]:3000"),
        ] {
            assert_eq!(typed.parse::<PublicUrl>().unwrap().origin(), origin, "{typed}");
        }
    }

    #[test]
    fn anything_but_an_origin_is_rejected() {
        for typed in
            ["", "console.example.org", "ftp://host", "https://host/console", "https://a@host", "https://host?x"]
        {
            assert!(typed.parse::<PublicUrl>().is_err(), "{typed}");
        }
    }

    #[test]
    fn a_wildcard_address_becomes_localhost() {
        let url =
            |address: &str| PublicUrl::of_listener(&address.parse().unwrap(), address.parse().unwrap()).to_string();
        assert_eq!(url("0.0.0.0:3000"), "http://localhost:3000");
        assert_eq!(url("127.0.0.1:4160"), "http://127.0.0.1:4160");
    }
}
