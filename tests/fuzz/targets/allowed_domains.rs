//! A rule for allowed domains lets in its own host and nothing else, however both are spelt.

#![no_main]

use cavuer_base::origin::{AllowedDomain, PageOrigin};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (typed, header) = input;
    let page = PageOrigin::parse(header);
    match AllowedDomain::parse(typed) {
        Err(remedy) => assert!(!remedy.english().is_empty()),
        Ok(rule) => {
            let normal = rule.to_string();
            assert_eq!(AllowedDomain::parse(&normal).as_ref(), Ok(&rule), "{normal:?} is normal");
            if let Some(page) = &page {
                assert_eq!(rule.allows(page), expected(&normal, header), "{normal:?}, {header:?}");
            }
        }
    }
    if page.is_some() {
        let own = AllowedDomain::parse(header);
        assert!(own.is_ok_and(|rule| rule.allows(page.as_ref().expect("it is there"))));
    }
});

/// The rule for rules, written down a second time and as plainly as possible: compares the texts
/// of a rule in its normal form and of an `Origin` header that was accepted.
fn expected(rule: &str, origin: &str) -> bool {
    let (scheme, authority) = origin.split_once("://").expect("an accepted origin has a scheme");
    let default_port = if scheme == "https" { "443" } else { "80" };
    let (host, port) = host_and_port(authority);
    let (rule_host, rule_port) = host_and_port(rule);
    let host = host.strip_suffix('.').unwrap_or(host);
    let hosts_agree = match rule_host.strip_prefix("*.") {
        Some(parent) => host.len() > parent.len() + 1 && host.ends_with(&format!(".{parent}")),
        None => host == rule_host,
    };
    hosts_agree && rule_port.is_none_or(|expected| expected == port.unwrap_or(default_port))
}

/// Splits `host`, `host:port`, `[address]` and `[address]:port`.
fn host_and_port(authority: &str) -> (&str, Option<&str>) {
    let behind_address = authority.rfind(']').map_or(0, |at| at + 1);
    match authority[behind_address..].find(':') {
        Some(colon) => {
            let (host, port) = authority.split_at(behind_address + colon);
            (host, Some(&port[1..]))
        }
        None => (authority, None),
    }
}
