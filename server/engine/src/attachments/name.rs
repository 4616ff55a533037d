use cavuer_protocol::limits::NAME_CHARS;

/// A file's name as people may see it: the bare name, without signs that hide or turn around a
/// part of it, and with the ending that its content has.
pub(super) fn shown(sent: &str, ending: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible = last.chars().filter(|c| !c.is_control() && !is_format(*c)).collect::<String>();
    let stem = match visible.rsplit_once('.') {
        Some((stem, _)) => stem,
        None => &visible,
    };
    let stem = stem.trim().chars().take(NAME_CHARS).collect::<String>();
    let stem = if stem.is_empty() { "file" } else { stem.trim_end() };
    format!("{stem}.{ending}")
}

/// Signs that change how others are shown, for example in which direction.
fn is_format(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_bare_and_end_as_their_content_is() {
        for (sent, name) in [
            ("photo.png", "photo.png"),
            ("photo.PNG", "photo.png"),
            ("C:\\fakepath\\Rechnung März.pdf", "Rechnung März.png"),
            ("../../etc/passwd", "passwd.png"),
            ("page.html", "page.png"),
            ("archive.tar.gz", "archive.tar.png"),
            ("ann\u{202e}gpj.exe", "anngpj.png"),
            (".png", "file.png"),
            ("", "file.png"),
            ("a\r\nb\".png", "ab\".png"),
        ] {
            assert_eq!(shown(sent, "png"), name, "{sent:?}");
        }
        assert_eq!(shown(&"ж".repeat(300), "png").chars().count(), NAME_CHARS + 4);
    }
}
