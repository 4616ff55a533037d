//! The one way out: every request that leaves the server is made here.
//!
//! Addresses that a site's content or an outsider could name must not reach this machine or its
//! network. So the guarded client resolves names itself and connects only to public addresses;
//! because the address that was checked is the one that is used, a name that changes its answer
//! between check and connection gains nothing. Literal addresses are checked before the request,
//! since no resolver sees them. Redirects are not followed and proxies of the environment are not
//! used: both would lead around the check.
//!
//! Hosts that the operator of this server has named in its configuration, for example a model
//! server on the same machine, are reached by a second client without the address check.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use cavuer_protocol::notice::{self, Notice};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder};
use url::{Host, Url};

/// Longest wait for a connection, name resolution and TLS included.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an idle connection is kept for the next request to the same host.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// Makes requests to the outside.
#[derive(Clone, Debug)]
pub struct Outbound {
    /// Connects to public addresses only.
    guarded: Client,
    /// For the hosts in `trusted`.
    direct: Client,
    trusted: HashSet<Authority>,
}

/// Why a request was not even begun.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.reason().english())]
pub enum OutboundRefused {
    /// The scheme is neither `http` nor `https`; it is given as it was written.
    Scheme(String),
    /// There is no host in it, or no port that could be known.
    NoHost,
    /// The host is written as this private address, and the configuration does not name it.
    NotPublic(IpAddr),
}

impl OutboundRefused {
    /// For the owner, as the end of a sentence.
    pub fn reason(&self) -> Notice {
        match self {
            Self::Scheme(scheme) => notice::scheme_not_called(scheme),
            Self::NoHost => notice::host_missing(),
            Self::NotPublic(address) => notice::host_not_public(address.to_string()),
        }
    }
}

/// The client could not be built, because the machine has no usable TLS set-up.
#[derive(Debug, thiserror::Error)]
#[error("no client for outgoing requests: {0}")]
pub struct OutboundUnavailable(#[from] reqwest::Error);

/// Host and port; a trusted model server does not make its neighbour on the next port trusted.
type Authority = (String, u16);

impl Outbound {
    /// Builds the clients. Whatever host and port `trusted` names may be private.
    ///
    /// # Errors
    /// If TLS cannot be set up on this machine.
    #[expect(clippy::disallowed_methods, reason = "the one place that builds clients")]
    pub fn new<'a>(
        trusted: impl IntoIterator<Item = &'a Url>,
        connect_timeout: Duration,
    ) -> Result<Self, OutboundUnavailable> {
        // A second installation is refused and harmless: tests build many servers.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            Client::builder()
                .redirect(Policy::none())
                .no_proxy()
                .referer(false)
                .tcp_nodelay(true)
                .connect_timeout(connect_timeout)
                .pool_idle_timeout(POOL_IDLE_TIMEOUT)
                .user_agent(concat!("cavuer/", env!("CARGO_PKG_VERSION")))
        };
        Ok(Self {
            guarded: builder().dns_resolver(PublicOnly).build()?,
            direct: builder().build()?,
            trusted: trusted.into_iter().filter_map(authority).collect(),
        })
    }

    /// Begins a request.
    ///
    /// # Errors
    /// If the address is not one that this server calls. A *name* with a private address behind
    /// it is found out when the request is sent, and fails there as a connection error.
    pub fn request(&self, method: Method, url: Url) -> Result<RequestBuilder, OutboundRefused> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(OutboundRefused::Scheme(url.scheme().to_owned()));
        }
        let authority = authority(&url).ok_or(OutboundRefused::NoHost)?;
        if self.trusted.contains(&authority) {
            return Ok(self.direct.request(method, url));
        }
        match url.host() {
            Some(Host::Ipv4(address)) => require_public(address.into())?,
            Some(Host::Ipv6(address)) => require_public(address.into())?,
            Some(Host::Domain(_)) => {}
            None => return Err(OutboundRefused::NoHost),
        }
        Ok(self.guarded.request(method, url))
    }
}

/// Whether a request failed because the name in its address leads to private addresses only.
pub fn was_private(error: &reqwest::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.is::<NoPublicAddress>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Whether an address belongs to the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn require_public(address: IpAddr) -> Result<(), OutboundRefused> {
    if is_public(address) { Ok(()) } else { Err(OutboundRefused::NotPublic(address)) }
}

fn authority(url: &Url) -> Option<Authority> {
    let host = url.host_str()?.trim_end_matches('.').to_ascii_lowercase();
    Some((host, url.port_or_known_default()?))
}

/// Everything in the IANA special-purpose registry for IPv4 is out, so is multicast.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        // Shared address space of carriers (RFC 6598); some clouds keep metadata there.
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

/// Only global unicast (2000::/3) is public, less its reserved parts; an address that carries an
/// IPv4 address inside is judged by that one.
fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = embedded_v4(address) {
        return is_public_v4(inner);
    }
    let [a, b, ..] = address.segments();
    let documentation = (a == 0x2001 && b == 0xdb8) || (a & 0xfff0) == 0x3ff0;
    let protocol_assignments = a == 0x2001 && b < 0x200;
    (a & 0xe000) == 0x2000 && !documentation && !protocol_assignments
}

/// The IPv4 address in a mapped, compatible, NAT64 or 6to4 address.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = address.segments();
    let of = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match s {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => Some(of(high, low)),
        [0, 0, 0, 0, 0xffff, 0, high, low] => Some(of(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(of(high, low)),
        [0x2002, high, low, ..] => Some(of(high, low)),
        _ => None,
    }
}

/// Resolves names and drops every address that is not public.
#[derive(Clone, Copy, Debug)]
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let public = public_only(name.as_str(), found)?;
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// No address behind a name is one that may be called.
#[derive(Debug, thiserror::Error)]
#[error("{0} has no public address, and this server does not call private ones")]
struct NoPublicAddress(String);

fn public_only(name: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, NoPublicAddress> {
    let public: Vec<_> = found.into_iter().filter(|address| is_public(address.ip())).collect();
    if public.is_empty() { Err(NoPublicAddress(name.to_owned())) } else { Ok(public) }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    fn outbound(trusted: &[&str]) -> Outbound {
        let trusted: Vec<Url> = trusted.iter().map(|text| url(text)).collect();
        Outbound::new(&trusted, CONNECT_TIMEOUT).unwrap()
    }

    #[test]
    fn literal_private_addresses_are_refused_in_every_spelling() {
        let outbound = outbound(&[]);
        for address in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://0.0.0.0/",
            "http://0/",
            "http://10.0.0.1/",
            "http://172.16.0.1/",
            "http://192.168.1.1/",
            "http://100.100.100.200/",
            "http://169.254.169.254/latest/meta-data",
            "http://198.18.0.1/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:a9fe:a9fe]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://[fc00::1]/",
            "http://[fd12:3456::1]/",
            "http://[fe80::1]/",
            "http://[ff02::1]/",
            "http://[2001:db8::1]/",
        ] {
            let refused = outbound.request(Method::GET, url(address)).unwrap_err();
            assert!(matches!(refused, OutboundRefused::NotPublic(_)), "{address}: {refused}");
        }
    }

    #[test]
    fn public_addresses_and_names_pass() {
        let outbound = outbound(&[]);
        for address in [
            "https://1.1.1.1/",
            "https://172.32.0.1/",
            "https://100.128.0.1/",
            "https://[2606:4700::1111]/",
            "https://example.com/path",
        ] {
            assert!(outbound.request(Method::GET, url(address)).is_ok(), "{address}");
        }
    }

    #[test]
    fn other_schemes_are_refused() {
        let outbound = outbound(&[]);
        for address in ["file:///etc/passwd", "ftp://example.com/", "data:,x"] {
            let refused = outbound.request(Method::GET, url(address)).unwrap_err();
            assert!(matches!(refused, OutboundRefused::Scheme(_)), "{address}: {refused}");
        }
    }

    #[test]
    fn trust_covers_one_port_of_one_host() {
        let outbound = outbound(&["http://127.0.0.1:11434/v1"]);
        assert!(outbound.request(Method::GET, url("http://127.0.0.1:11434/v1/models")).is_ok());
        assert!(outbound.request(Method::GET, url("http://127.0.0.1:5432/")).is_err());
        assert!(outbound.request(Method::GET, url("http://127.0.0.2:11434/")).is_err());
    }

    #[test]
    fn a_name_with_only_private_addresses_resolves_to_nothing() {
        let private = vec!["10.1.2.3:0".parse().unwrap(), "[fd00::1]:0".parse().unwrap()];
        assert!(public_only("intranet.example", private).is_err());
        let mixed = vec!["10.1.2.3:0".parse().unwrap(), "1.1.1.1:0".parse().unwrap()];
        assert_eq!(public_only("mixed.example", mixed).unwrap(), ["1.1.1.1:0".parse().unwrap()]);
    }

    /// Answers one request and stops.
    async fn one_answer() -> (u16, tokio::task::JoinHandle<()>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let served = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let _ = socket.read(&mut [0; 1024]).await.unwrap();
            let answer =
                b"HTTP/1.1 302 Found\r\nlocation: http://10.0.0.1/\r\ncontent-length: 0\r\n\r\n";
            socket.write_all(answer).await.unwrap();
        });
        (port, served)
    }

    #[tokio::test]
    async fn a_name_that_resolves_to_this_machine_is_refused_when_sent() {
        let (port, served) = one_answer().await;
        let address = url(&format!("http://localhost:{port}/"));
        let sent = outbound(&[]).request(Method::GET, address).unwrap().send().await;
        let error = sent.unwrap_err();
        assert!(error.is_connect() && was_private(&error), "{error:?}");
        served.abort();
    }

    #[tokio::test]
    async fn a_trusted_name_is_reached_and_its_redirect_is_not_followed() {
        let (port, served) = one_answer().await;
        let address = url(&format!("http://localhost:{port}/"));
        let outbound = Outbound::new([&address], CONNECT_TIMEOUT).unwrap();
        let answer = outbound.request(Method::GET, address).unwrap().send().await.unwrap();
        assert_eq!(answer.status(), 302);
        served.await.unwrap();
    }
}
