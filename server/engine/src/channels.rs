//! What makes a Widget channel: its token, its secret key, and the tag that owners paste.

use cavuer_base::random::Random;
use cavuer_protocol::Secret;

/// Characters of a public token after `wgt_`: about 142 bits.
const TOKEN_CHARS: usize = 24;
/// Characters of a secret key after `sk_`: about 238 bits.
const SECRET_KEY_CHARS: usize = 40;

/// A fresh public token, `wgt_…`.
pub fn new_token(random: &Random) -> String {
    random.token("wgt_", TOKEN_CHARS)
}

/// A fresh secret key, `sk_…`.
pub fn new_secret_key(random: &Random) -> Secret {
    Secret::new(random.token("sk_", SECRET_KEY_CHARS))
}

/// Enough of a secret key to recognise it: about 36 of its bits.
pub fn secret_key_hint(secret_key: &Secret) -> String {
    let secret_key = secret_key.expose();
    let start = secret_key.get(..5).unwrap_or_default();
    let end = secret_key.get(secret_key.len().saturating_sub(4)..).unwrap_or_default();
    format!("{start}…{end}")
}

/// The tag that owners paste. Address and token need no escaping: the one is a URL, the other has
/// letters and digits only.
pub fn snippet(public_url: &str, token: &str) -> String {
    // tidy allows html: it is shown as text, for the owner to copy
    format!(r#"<script src="{public_url}/embed.js" data-token="{token}" async></script>"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hint_shows_the_ends_of_a_key_only() {
        let hint = |key: &str| secret_key_hint(&key.into());
        assert_eq!(hint("sk_abCDEFGHIJKLMNOPQRSTUVWXYZ0123456789wxyz"), "sk_ab…wxyz");
        assert_eq!(hint(""), "…");
    }

    #[test]
    fn the_snippet_is_the_tag_to_paste() {
        assert_eq!(
            snippet("https://chat.example.com", "wgt_1"),
            "<script src=\"https://chat.example.com/embed.js\" data-token=\"wgt_1\" async></script>"
        );
    }
}
