/// Puts values in the places of a text: `{name}` is a place, `{{` and `}}` are the braces
/// themselves. A place without a value stays empty.
pub fn fill(text: &str, mut value: impl FnMut(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from_brace) = rest.split_at(at);
        let (brace, behind) = from_brace.split_at(1);
        filled.push_str(before);
        rest = if let Some(behind) = behind.strip_prefix(brace) {
            filled.push_str(brace);
            behind
        } else if brace == "{"
            && let Some((name, behind)) = behind.split_once('}')
        {
            filled.push_str(&value(name).unwrap_or_default());
            behind
        } else {
            filled.push_str(brace);
            behind
        };
    }
    filled + rest
}
