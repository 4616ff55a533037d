//! Allowed domains: on which pages a channel's widget works.

use std::fmt;
use std::net::Ipv6Addr;

use cavuer_protocol::notice::{self, Notice};
use url::{Host, Url};

/// One rule, in its normal form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AllowedDomain {
    /// Lower-case ASCII (punycode for other scripts); an IPv6 address has its brackets.
    host: String,
    /// Whether the rule stands for the host's subdomains, and not for the host itself.
    subdomains: bool,
    /// Must be the page's port where given.
    port: Option<u16>,
}

/// Where a page comes from, as its browser says in the `Origin` header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageOrigin {
    host: String,
    port: Option<u16>,
}

impl AllowedDomain {
    /// Reads a rule as people type it: `example.com`, `https://example.com/shop`,
    /// `*.example.com`, `localhost:3000`, `bücher.example`.
    ///
    /// # Errors
    /// A sentence that says what to write instead, when the rule could never match.
    pub fn parse(typed: &str) -> Result<Self, Notice> {
        let typed = typed.trim();
        let quoted = || format!("{typed:?}");
        if typed.is_empty() {
            return Err(notice::domain_empty());
        }
        let rest = without_scheme(typed)?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(notice::domain_with_user(quoted()));
        }
        let (subdomains, bare) = match authority.strip_prefix("*.") {
            Some(bare) => (true, bare),
            None => (false, authority),
        };
        if bare.contains('*') {
            return Err(notice::domain_star_misplaced(quoted()));
        }
        let url =
            Url::parse(&format!("http://{bare}/")).map_err(|_| notice::no_domain(quoted()))?;
        let port = explicit_port(bare);
        let host = match url.host() {
            Some(Host::Domain(domain)) if is_domain(domain) => without_root(domain).to_owned(),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) if subdomains => {
                return Err(notice::address_with_star(quoted()));
            }
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => bracketed(address),
            _ => return Err(notice::no_domain(quoted())),
        };
        if subdomains && !host.contains('.') && host != "localhost" {
            return Err(notice::whole_top_level_domain(quoted(), host));
        }
        Ok(Self { host, subdomains, port })
    }

    /// Whether a page of this origin may use the widget.
    pub fn allows(&self, page: &PageOrigin) -> bool {
        if self.port.is_some() && self.port != page.port {
            return false;
        }
        if self.subdomains {
            page.host
                .strip_suffix(self.host.as_str())
                .is_some_and(|before| before.len() > 1 && before.ends_with('.'))
        } else {
            page.host == self.host
        }
    }
}

impl fmt::Display for AllowedDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.subdomains {
            f.write_str("*.")?;
        }
        f.write_str(&self.host)?;
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

impl PageOrigin {
    /// Reads an `Origin` header (RFC 6454). `null`, other schemes than http and https, and
    /// anything that is more than scheme, host and port are no origin of a page.
    pub fn parse(header: &str) -> Option<Self> {
        let url = Url::parse(header).ok()?;
        if !matches!(url.scheme(), "http" | "https") || url.origin().ascii_serialization() != header
        {
            return None;
        }
        let host = match url.host()? {
            Host::Domain(domain) => without_root(domain).to_owned(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => bracketed(address),
        };
        Some(Self { host, port: url.port_or_known_default() })
    }
}

fn without_scheme(typed: &str) -> Result<&str, Notice> {
    match typed.split_once("://") {
        None => Ok(typed),
        Some((scheme, rest))
            if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") =>
        {
            Ok(rest)
        }
        Some((scheme, _)) => Err(notice::other_scheme(scheme)),
    }
}

/// The port as typed; [`Url`] hides it when it is the scheme's usual one.
fn explicit_port(authority: &str) -> Option<u16> {
    let after_host = match authority.rfind(']') {
        Some(end) => &authority[end + 1..],
        None => authority,
    };
    after_host.rsplit_once(':')?.1.parse().ok()
}

/// Letters, digits and hyphens in labels of 1 to 63 characters (RFC 1123), and underscores, which
/// browsers accept.
fn is_domain(domain: &str) -> bool {
    let domain = without_root(domain);
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    domain.len() <= 253 && domain.split('.').all(label_fits)
}

/// The name without the dot that stands for the root of all names (RFC 1034, section 3.1).
fn without_root(domain: &str) -> &str {
    domain.strip_suffix('.').unwrap_or(domain)
}

fn bracketed(address: Ipv6Addr) -> String {
    format!("[{address}]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(rule: &str, origin: &str) -> bool {
        let rule = AllowedDomain::parse(rule).unwrap();
        PageOrigin::parse(origin).is_some_and(|page| rule.allows(&page))
    }

    #[test]
    fn rules_take_their_normal_form() {
        for (typed, normal) in [
            ("example.com", "example.com"),
            (" Example.COM. ", "example.com"),
            ("https://example.com/path?q#f", "example.com"),
            ("HTTP://example.com:8080/", "example.com:8080"),
            ("*.Example.com", "*.example.com"),
            ("localhost:3000", "localhost:3000"),
            ("127.0.0.1:3000", "127.0.0.1:3000"),
            ("[::1]:3000", "[::1]:3000"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("example.com:443", "example.com:443"),
            ("shop_1.example.com", "shop_1.example.com"),
        ] {
            assert_eq!(AllowedDomain::parse(typed).unwrap().to_string(), normal, "{typed}");
        }
    }

    #[test]
    fn rules_that_cannot_match_are_refused() {
        for typed in [
            "",
            "  ",
            "*",
            "*.",
            "*.com",
            "*.*.com",
            "ex*mple.com",
            "exa mple.com",
            "ftp://a.com",
            "a..com",
            "a.com..",
            "7..",
            "me@example.com",
            "https://",
            "*.127.0.0.1",
            "example.com:99999",
            "/x",
            "javascript:alert(1)",
        ] {
            assert!(AllowedDomain::parse(typed).is_err(), "{typed:?} was accepted");
        }
    }

    #[test]
    fn a_rule_allows_its_host_and_no_other() {
        assert!(allows("example.com", "https://example.com"));
        assert!(allows("example.com", "http://example.com:8080"));
        for other in [
            "https://www.example.com",
            "https://example.com.evil.org",
            "https://notexample.com",
            "https://evil.org",
        ] {
            assert!(!allows("example.com", other), "{other}");
        }
    }

    #[test]
    fn a_star_stands_for_subdomains_but_not_the_apex() {
        assert!(allows("*.example.com", "https://a.example.com"));
        assert!(allows("*.example.com", "https://a.b.example.com"));
        assert!(!allows("*.example.com", "https://example.com"));
        assert!(!allows("*.example.com", "https://notexample.com"));
    }

    #[test]
    fn a_port_must_match_where_it_is_given() {
        assert!(allows("localhost:3000", "http://localhost:3000"));
        assert!(!allows("localhost:3000", "http://localhost:3001"));
        assert!(!allows("localhost:3000", "http://localhost"));
        assert!(allows("example.com:443", "https://example.com"));
        assert!(!allows("example.com:443", "http://example.com"));
    }

    #[test]
    fn what_is_no_page_has_no_origin() {
        for header in [
            "null",
            "",
            "example.com",
            "file://",
            "https://example.com/",
            "https://example.com/x",
            "https://a@example.com",
            "chrome-extension://abc",
            "https://",
            "HTTPS://EXAMPLE.COM",
            "https://example.com:443",
        ] {
            assert_eq!(PageOrigin::parse(header), None, "{header:?}");
        }
    }
}
