use hayro_font::kurbo::{Point, Vec2};
use icu_normalizer::ComposingNormalizerBorrowed;

/// Text whose gaps are wider than this part of its size has a space there.
const SPACE: f64 = 0.16;
/// A gap as wide as this times the size parts what belongs to different columns.
const PART: f64 = 0.9;
/// In the place of a sign that stands for no known letter.
pub(super) const UNKNOWN: &str = "\u{fffd}";

/// One sign on a page.
pub(super) struct Sign<'t> {
    pub text: &'t str,
    /// Where it begins and ends on the base line.
    pub from: Point,
    pub to: Point,
    /// Along the height of the line, as long as the type is high.
    pub up: Vec2,
    pub is_bold: bool,
    /// Whether it is a page number, a running head or decoration.
    pub is_aside: bool,
}

/// A stretch of text on one line without wide gaps. Lengths are points of the page as it is read:
/// x grows to the right, y upwards.
#[derive(Clone, Debug, Default)]
pub(super) struct Span {
    pub text: String,
    pub x0: f64,
    pub x1: f64,
    pub y: f64,
    pub size: f64,
    pub is_bold: bool,
    pub is_aside: bool,
    /// Quarter turns of the text on the page.
    pub turns: u8,
}

/// Spans in the order in which the page draws them.
#[derive(Default)]
pub(super) struct Spans {
    done: Vec<Span>,
    current: Option<Span>,
    /// A space was drawn and nothing after it.
    space: bool,
    /// An accent that waits for the letter under it, and where it ends.
    accent: Option<(char, f64)>,
    last: Option<(String, f64)>,
}

impl Spans {
    pub(super) fn push(&mut self, sign: Sign<'_>) {
        let size = sign.up.hypot();
        let Some(turns) = turns(sign.up).filter(|_| size.is_finite() && size > 0.5) else {
            return;
        };
        let (x0, y) = turned(sign.from, turns);
        let (x1, _) = turned(sign.to, turns);
        if !(x0.is_finite() && x1.is_finite() && y.is_finite()) {
            return;
        }
        let (x0, x1) = (x0.min(x1), x0.max(x1));
        if sign.text.chars().all(|c| c.is_whitespace() || c == '\u{a0}') {
            self.space = true;
            if let Some(current) = &mut self.current
                && (current.y - y).abs() < 0.2 * size
                && current.x1 <= x1
                && x1 - current.x1 < PART * size
            {
                current.x1 = x1;
            }
            return;
        }
        // Programs without a bold font print each sign twice.
        if let (Some(current), Some((text, at))) = (&self.current, &self.last)
            && text == sign.text
            && (at - x0).abs() < 0.1 * size
            && (current.y - y).abs() < 0.1 * size
        {
            return;
        }
        // Under its accent a letter begins a whole width before the accent's end.
        let back = if self.accent.is_some() { -1.0 } else { -0.5 };
        let continues = self.current.as_ref().is_some_and(|current| {
            current.turns == turns
                && (current.y - y).abs() < 0.2 * size.min(current.size)
                && (back * size..PART * size).contains(&(x0 - current.x1))
                && (current.size - size).abs() < 0.4 * size
                && current.is_aside == sign.is_aside
        });
        if !continues {
            self.end();
        }
        let current = self.current.get_or_insert_with(|| Span {
            x0,
            x1: x0,
            y,
            size,
            is_bold: sign.is_bold,
            is_aside: sign.is_aside,
            turns,
            ..Span::default()
        });
        let gap = x0 - current.x1;
        let accented = self.accent.take_if(|(_, end)| x0 < *end - 0.1 * size);
        if !current.text.is_empty()
            && (self.space || gap > SPACE * size)
            && !current.text.ends_with(' ')
            && accented.is_none()
        {
            current.text.push(' ');
        }
        self.space = false;
        current.x1 = current.x1.max(x1);
        current.is_bold &= sign.is_bold;
        self.last = Some((sign.text.to_owned(), x0));
        if let Some(mark) = combining(sign.text) {
            self.accent = Some((mark, x1));
            // It may also stand alone; then it is text.
            current.text.push_str(sign.text);
            return;
        }
        if let Some((mark, _)) = accented {
            current.text.pop();
            let mut letters = sign.text.chars();
            current.text.extend(letters.next());
            current.text.push(mark);
            current.text.extend(letters);
        } else {
            push_plain(&mut current.text, sign.text);
        }
    }

    pub(super) fn finish(mut self) -> Vec<Span> {
        self.end();
        self.done
    }

    fn end(&mut self) {
        (self.space, self.accent, self.last) = (false, None, None);
        if let Some(mut span) = self.current.take() {
            if span.text != UNKNOWN {
                let is_marked = span.text.starts_with("\u{fffd} ");
                span.text = span.text.replace(UNKNOWN, "");
                if is_marked {
                    span.text.insert_str(0, UNKNOWN);
                }
            }
            span.text = ComposingNormalizerBorrowed::new_nfc().normalize(&span.text).into_owned();
            if !span.text.is_empty() {
                self.done.push(span);
            }
        }
    }
}

/// Ligatures as their letters; searches know nothing of them. Soft hyphens where a line ended
/// show as hyphens.
fn push_plain(text: &mut String, sign: &str) {
    for c in sign.chars() {
        match c {
            '\u{fb00}' => text.push_str("ff"),
            '\u{fb01}' => text.push_str("fi"),
            '\u{fb02}' => text.push_str("fl"),
            '\u{fb03}' => text.push_str("ffi"),
            '\u{fb04}' => text.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => text.push_str("st"),
            '\u{ad}' => text.push('-'),
            c if c.is_control() => {}
            c => text.push(c),
        }
    }
}

/// TeX's older fonts have accents as signs of their own, in front of the letter.
fn combining(sign: &str) -> Option<char> {
    Some(match sign {
        "\u{a8}" => '\u{308}',
        "\u{b4}" => '\u{301}',
        "`" | "\u{2cb}" => '\u{300}',
        "\u{2c6}" | "^" => '\u{302}',
        "\u{2dc}" | "~" => '\u{303}',
        "\u{af}" => '\u{304}',
        "\u{2d8}" => '\u{306}',
        "\u{2d9}" => '\u{307}',
        "\u{2da}" => '\u{30a}',
        "\u{2dd}" => '\u{30b}',
        "\u{2c7}" => '\u{30c}',
        _ => return None,
    })
}

/// Quarter turns of the text; `None` for text that lies askew, as stamps over a page do.
fn turns(up: Vec2) -> Option<u8> {
    let (across, along) = (up.x.abs(), up.y.abs());
    match () {
        () if across < 0.15 * along => Some(if up.y > 0.0 { 0 } else { 2 }),
        () if along < 0.15 * across => Some(if up.x < 0.0 { 1 } else { 3 }),
        () => None,
    }
}

/// A point as it lies when the text on it is read upright.
fn turned(point: Point, turns: u8) -> (f64, f64) {
    match turns {
        0 => (point.x, point.y),
        1 => (point.y, -point.x),
        2 => (-point.x, -point.y),
        _ => (-point.y, point.x),
    }
}
