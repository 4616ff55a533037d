//! Where the shop listens, and what browsers call it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::TcpListener;

const USUAL: &str = "127.0.0.1:3000";

/// The shop's open ports.
pub(super) struct ShopListener {
    /// The port is real even if the configuration said 0.
    address: SocketAddr,
    /// One, or two where the shop is reached as `localhost`.
    pub listeners: Vec<TcpListener>,
}

impl ShopListener {
    /// Listens on `typed`, or on the usual address.
    ///
    /// `localhost` has two addresses and browsers try the newer one first, so a shop on one of
    /// them listens on the other as well.
    ///
    /// # Errors
    /// A sentence that names the variable and the remedy.
    pub(super) async fn bind(typed: Option<&str>) -> Result<Self, String> {
        let typed = typed.unwrap_or(USUAL).trim();
        let wanted: SocketAddr = typed.replace("localhost:", "127.0.0.1:").parse().map_err(|_| {
            format!(
                "CAVUER_DEMO_LISTEN is {typed:?}, but must be an address and a port, for example \
                 {USUAL}."
            )
        })?;
        let first = TcpListener::bind(wanted).await.map_err(|error| taken(wanted, &error))?;
        let address = first.local_addr().map_err(|error| taken(wanted, &error))?;
        let mut listeners = vec![first];
        if let Some(twin) = twin(address) {
            match TcpListener::bind(twin).await {
                Ok(second) => listeners.push(second),
                // Browsers that open localhost would land in that other program.
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                    return Err(taken(twin, &error));
                }
                Err(error) => tracing::debug!(%twin, %error, "localhost has one address here"),
            }
        }
        Ok(Self { address, listeners })
    }

    /// The shop's address for browsers, without a slash at the end.
    pub(super) fn origin(&self) -> String {
        format!("http://{}", self.domains()[0])
    }

    /// The shop as rules for a channel's allowed domains, in normal form; at least one.
    pub(super) fn domains(&self) -> Vec<String> {
        let port = self.address.port();
        let ip = self.address.ip();
        if ip.is_loopback() || ip.is_unspecified() {
            vec![format!("localhost:{port}"), format!("127.0.0.1:{port}")]
        } else {
            vec![self.address.to_string()]
        }
    }
}

/// The other address of `localhost`, with the same port.
fn twin(address: SocketAddr) -> Option<SocketAddr> {
    let other = match address.ip() {
        IpAddr::V4(ip) if ip.is_loopback() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_loopback() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        _ => return None,
    };
    Some(SocketAddr::new(other, address.port()))
}

fn taken(address: SocketAddr, error: &io::Error) -> String {
    format!(
        "CAVUER_DEMO_LISTEN: cannot listen on {address}: {error}. Stop the other program or \
         choose another port."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_shop_is_localhost_with_its_real_port() {
        let shop = ShopListener::bind(Some("localhost:0")).await.unwrap();
        let port = shop.address.port();
        assert_ne!(port, 0);
        assert_eq!(shop.origin(), format!("http://localhost:{port}"));
        assert_eq!(shop.domains(), [format!("localhost:{port}"), format!("127.0.0.1:{port}")]);
    }

    #[tokio::test]
    async fn problems_name_the_variable() {
        let shop = ShopListener::bind(Some("127.0.0.1:0")).await.unwrap();
        let same = shop.address.to_string();
        for wrong in ["3000", "shop", "", same.as_str()] {
            let problem = ShopListener::bind(Some(wrong)).await.err().unwrap();
            assert!(problem.starts_with("CAVUER_DEMO_LISTEN"), "{problem}");
        }
    }
}
