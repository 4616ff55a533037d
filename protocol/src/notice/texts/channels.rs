//! Channels: where they work, why the widget was refused, and who a visitor claims to be.

super::notices! {
    no_domains_yet() = "No allowed domains: the widget appears nowhere until one is added.";
    channel_off() = "The channel is switched off.";
    channel_without_domains() = "The channel has no allowed domains. Add the site's domain under Security.";
    origin_not_allowed(origin) = "{origin} is not among the allowed domains. Add it under Security if it is yours.";
    origin_unusable() = "The page has no usable origin; it may be a file or a sandboxed frame. Serve it over http or https.";
    origin_missing() = "The request named no origin, so it did not come from a page.";
    too_many_domains(most, count) = "Use at most {most} domains; these are {count}.";
    domain_empty() = "Write a domain, for example example.com.";
    domain_with_user(typed) = "Write only the domain of {typed}, without a user name.";
    domain_star_misplaced(typed) = "In {typed} the star stands in the wrong place. It may only be the first label: *.example.com.";
    no_domain(typed) = "{typed} is not a domain. Write for example example.com.";
    address_with_star(typed) = "{typed} cannot match: an address has no subdomains.";
    whole_top_level_domain(typed, host) = "{typed} would stand for a whole top-level domain. Write *.example.{host}.";
    other_scheme(scheme) = "The widget works on http and https pages, not on {scheme}://.";
    user_id_empty() = "data-user-id is empty. Leave the attribute out for guests.";
    user_id_too_long(most) = "data-user-id may have at most {most} bytes.";
    channel_kind_unknown(kind) = "This server knows no channels of the kind {kind}.";
    delivery_too_slow(seconds) = "There was no answer within {seconds} s.";
    user_detail_too_long(most) = "It may have at most {most} characters.";
}
