//! Which compressed form of a file a browser takes.

use axum::http::{HeaderMap, HeaderValue, header};

/// A form in which a file is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// What the file's name gets in this form.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    /// The value of `Content-Encoding`.
    pub(super) fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Brotli => Some(HeaderValue::from_static("br")),
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Identity => None,
        }
    }
}

/// The forms that the request accepts, smallest first. The plain one is always among them: a file
/// that cannot be shown at all helps nobody (RFC 9110, section 12.5.3, leaves that open).
pub(super) fn accepted(request: &HeaderMap) -> Vec<Encoding> {
    let values: Vec<_> = request
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(coding)
        .collect();
    let accepts = |name: &str| {
        let named = |wanted: &str| values.iter().find(|(coding, _)| coding == wanted);
        named(name).or_else(|| named("*")).is_some_and(|(_, accepted)| *accepted)
    };
    let mut encodings = Vec::new();
    if accepts("br") {
        encodings.push(Encoding::Brotli);
    }
    if accepts("gzip") {
        encodings.push(Encoding::Gzip);
    }
    encodings.push(Encoding::Identity);
    encodings
}

/// A coding's name, and whether it is wanted: `gzip;q=0` is not.
fn coding(part: &str) -> (String, bool) {
    let mut pieces = part.split(';').map(str::trim);
    let name = pieces.next().unwrap_or_default().to_ascii_lowercase();
    let weight = pieces
        .filter_map(|piece| piece.split_once('='))
        .find(|(key, _)| key.trim().eq_ignore_ascii_case("q"))
        .map_or(1.0, |(_, weight)| weight.trim().parse().unwrap_or(0.0));
    (name, weight > 0.0)
}

#[cfg(test)]
mod tests {
    use super::Encoding::{Brotli, Gzip, Identity};
    use super::*;

    fn accepted_by(value: &'static str) -> Vec<Encoding> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
        accepted(&headers)
    }

    #[test]
    fn the_smallest_accepted_form_comes_first() {
        assert_eq!(accepted_by("gzip, deflate, br, zstd"), [Brotli, Gzip, Identity]);
        assert_eq!(accepted_by("gzip"), [Gzip, Identity]);
        assert_eq!(accepted_by("*"), [Brotli, Gzip, Identity]);
        assert_eq!(accepted_by("GZIP; Q=0.5"), [Gzip, Identity]);
        assert_eq!(accepted(&HeaderMap::new()), [Identity]);
    }

    #[test]
    fn a_weight_of_zero_refuses() {
        assert_eq!(accepted_by("br;q=0, gzip;q=0.001"), [Gzip, Identity]);
        assert_eq!(accepted_by("br;q=0, *"), [Gzip, Identity]);
        assert_eq!(accepted_by("gzip, *;q=0"), [Gzip, Identity]);
        assert_eq!(accepted_by("identity;q=0"), [Identity]);
    }

    #[test]
    fn nonsense_is_no_consent() {
        assert_eq!(accepted_by("br;q=much, ;;,="), [Identity]);
    }
}
