//! The shop's pages: HTML files of `assets/demo/` with `{{names}}` that are filled in.

use std::borrow::Cow;

use cavuer_http::guard::identity;
use cavuer_store::WidgetChannel;

macro_rules! part {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/demo/", $name))
    };
}

/// A page is put together when the program is compiled; only values are filled in later.
macro_rules! page {
    ($($name:literal),+) => { concat!(part!("head.html"), $(part!($name),)+ part!("foot.html")) };
}

pub(super) const STYLE: &str = concat!(
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/tokens.css")),
    part!("shop.css")
);
pub(super) const ICON: &str = part!("icon.svg");

/// One address of the shop.
pub(super) struct Page {
    pub path: &'static str,
    /// The channel whose widget it shows.
    pub whose: Whose,
    title: &'static str,
    template: &'static str,
    user: Option<User>,
}

/// Which of the demo's channels.
#[derive(Clone, Copy)]
pub(super) enum Whose {
    Shop,
    Members,
}

/// Somebody who is signed in to the shop.
struct User {
    id: &'static str,
    proof: Proof,
}

/// The secret key that the page's hash is made with.
enum Proof {
    OfChannel,
    /// What somebody would send who does not have the channel's key.
    Forged,
}

const JOHN: &str = "john@example.com";
const ANNA: &str = "anna@example.com";

pub(super) const PAGES: [Page; 6] = [
    Page {
        path: "/",
        whose: Whose::Shop,
        title: "Corner Shop: coffee, tea and stoneware",
        template: page!("home.html", "facts.html", "tag-guest.html"),
        user: None,
    },
    Page {
        path: "/guest",
        whose: Whose::Shop,
        title: "A guest at Corner Shop",
        template: page!("guest.html", "facts.html", "tag-guest.html"),
        user: None,
    },
    Page {
        path: "/john",
        whose: Whose::Shop,
        title: "John at Corner Shop",
        template: page!("john.html", "facts.html", "tag-user.html"),
        user: Some(User { id: JOHN, proof: Proof::OfChannel }),
    },
    Page {
        path: "/anna",
        whose: Whose::Shop,
        title: "Anna at Corner Shop",
        template: page!("anna.html", "facts.html", "tag-user.html"),
        user: Some(User { id: ANNA, proof: Proof::OfChannel }),
    },
    Page {
        path: "/wrong-hash",
        whose: Whose::Shop,
        title: "A wrong hash at Corner Shop",
        template: page!("wrong-hash.html", "facts.html", "tag-user.html"),
        user: Some(User { id: JOHN, proof: Proof::Forged }),
    },
    Page {
        path: "/mandatory",
        whose: Whose::Members,
        title: "Members only at Corner Shop",
        template: page!("mandatory.html", "facts.html", "tag-guest.html"),
        user: None,
    },
];

impl Page {
    /// The page as HTML, for the server's public address and the channel as it is now.
    pub(super) fn render(&self, server: &str, channel: &WidgetChannel) -> String {
        fill(self.template, |name| match name {
            "title" => Some(self.title.into()),
            "server" => Some(server.into()),
            "token" => Some(channel.token.as_str().into()),
            "user_id" => Some(self.user.as_ref()?.id.into()),
            "user_hash" => Some(self.user.as_ref()?.hash(channel).into()),
            _ => current(name, self.path),
        })
    }
}

impl User {
    fn hash(&self, channel: &WidgetChannel) -> String {
        let key = match self.proof {
            Proof::OfChannel => channel.secret_key.expose(),
            Proof::Forged => "sk_of_another_channel",
        };
        identity::hash(key, self.id)
    }
}

/// The page for an address that the shop does not have.
pub(super) fn not_found() -> String {
    plain(page!("not-found.html"), "Not found at Corner Shop")
}

/// The page in place of one whose channel was deleted in the console.
pub(super) fn channel_gone() -> String {
    plain(page!("channel-gone.html"), "No channel at Corner Shop")
}

fn plain(template: &str, title: &str) -> String {
    fill(template, |name| match name {
        "title" => Some(title.into()),
        _ => current(name, ""),
    })
}

/// The value of `aria-current` for the link to a page, `at:/john` for example.
fn current(name: &str, path: &str) -> Option<Cow<'static, str>> {
    let of = name.strip_prefix("at:")?;
    Some(if of == path { "page" } else { "false" }.into())
}

/// The template with each `{{name}}` replaced by its value, which is escaped; a name without a
/// value stays.
fn fill<'a>(template: &str, value: impl Fn(&str) -> Option<Cow<'a, str>>) -> String {
    let mut filled = String::with_capacity(template.len() + 512);
    let mut rest = template;
    while let Some((before, (name, after))) =
        rest.split_once("{{").and_then(|(before, rest)| Some((before, rest.split_once("}}")?)))
    {
        filled.push_str(before);
        match value(name) {
            Some(value) => escape_into(&mut filled, &value),
            None => filled.extend(["{{", name, "}}"]),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn escape_into(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_and_unknown_names_stay() {
        let value = |name: &str| (name == "x").then(|| Cow::from("<b> \"&' {{y}}"));
        assert_eq!(
            fill("a {{x}} b {{y}} c {{", value),
            "a &lt;b&gt; &quot;&amp;&#39; {{y}} b {{y}} c {{"
        );
    }

    #[test]
    fn titles_and_addresses_are_distinct() {
        for (place, page) in PAGES.iter().enumerate() {
            for other in &PAGES[..place] {
                assert_ne!(page.title, other.title);
                assert_ne!(page.path, other.path);
            }
        }
    }

    #[test]
    fn pages_without_a_channel_are_whole() {
        for html in [not_found(), channel_gone()] {
            assert!(!html.contains("{{") && html.contains("</html>"), "{html}");
        }
    }
}
