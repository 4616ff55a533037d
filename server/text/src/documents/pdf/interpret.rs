use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use cavuer_protocol::limits::ARTICLE_BYTES;
use hayro_font::hayro_cmap::BfString;
use hayro_font::kurbo::{Affine, Point, Vec2};
use hayro_font::{
    CMapResolverFn, Font, FontCache, FontGlyph, FontQuery, FontResolverFn, UNITS_PER_EM,
};
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::{Dict, Name, Object, Stream};
use hayro_syntax::page::{Page, Resources};

use super::spans::{Sign, Span, Spans, UNKNOWN};
use crate::documents::ExtractError;

/// How deep forms may contain forms.
const DEPTH: usize = 16;
/// Most states that a page may save.
const STATES: usize = 512;
/// Most operators of one page, with those of its forms. A dense map has about a million.
const OPERATORS: u32 = 20_000_000;

/// Follows the operators of pages as far as they place text.
pub(super) struct Interpreter<'a> {
    fonts: FontCache<'a>,
    /// What was learned of a font, by the place of its dictionary in the file.
    known: HashMap<(usize, usize), Option<Rc<KnownFont<'a>>>>,
    programs: FontResolverFn,
    cmaps: CMapResolverFn,
    /// Letters on all pages, and signs that nothing says the letter of.
    pub letters: usize,
    pub unknown: usize,
    bytes: usize,
    operators: u32,
}

/// What one page shows.
pub(super) struct Content {
    pub spans: Vec<Span>,
    pub letters: usize,
    pub pictures: usize,
}

struct KnownFont<'a> {
    font: Font<'a>,
    is_bold: bool,
    /// What is known of each code.
    signs: RefCell<HashMap<u32, KnownSign>>,
}

/// The text that a code stands for, where that is said, and its advance.
type KnownSign = (Option<Rc<str>>, Vec2);

#[derive(Clone)]
struct State<'a> {
    to_page: Affine,
    font: Option<Rc<KnownFont<'a>>>,
    size: f64,
    char_space: f64,
    word_space: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

/// One page in work.
struct Run<'a> {
    states: Vec<State<'a>>,
    state: State<'a>,
    line: Affine,
    text: Affine,
    spans: Spans,
    pictures: usize,
    /// Marked content that is open; true for what is no part of the text proper.
    marked: Vec<bool>,
}

impl Default for Interpreter<'_> {
    fn default() -> Self {
        Self {
            fonts: FontCache::new(),
            known: HashMap::new(),
            programs: Arc::new(|query| {
                let font = match query {
                    FontQuery::Standard(font) => *font,
                    FontQuery::Fallback(query) => query.pick_standard_font(),
                };
                Some(font.get_font_data())
            }),
            // Predefined maps of CJK encodings are a megabyte; producers of today embed theirs.
            cmaps: Arc::new(|_| None),
            letters: 0,
            unknown: 0,
            bytes: 0,
            operators: 0,
        }
    }
}

impl<'a> Interpreter<'a> {
    /// # Errors
    /// When it holds more than any page should.
    pub(super) fn page(&mut self, page: &Page<'a>) -> Result<Content, ExtractError> {
        let mut run = Run {
            states: Vec::new(),
            state: State {
                to_page: Affine::new(page.initial_transform(false).as_coeffs()),
                font: None,
                size: 1.0,
                char_space: 0.0,
                word_space: 0.0,
                stretch: 1.0,
                leading: 0.0,
                rise: 0.0,
            },
            line: Affine::IDENTITY,
            text: Affine::IDENTITY,
            spans: Spans::default(),
            pictures: 0,
            marked: Vec::new(),
        };
        self.operators = 0;
        let before = self.letters;
        self.follow(page.typed_operations(), page.resources(), &mut run, 0)?;
        Ok(Content {
            spans: run.spans.finish(),
            letters: self.letters - before,
            pictures: run.pictures,
        })
    }

    fn follow(
        &mut self,
        mut operators: TypedIter<'_>,
        resources: &Resources<'a>,
        run: &mut Run<'a>,
        depth: usize,
    ) -> Result<(), ExtractError> {
        use TypedInstruction as Op;
        let states = run.states.len();
        while let Some(operator) = operators.next() {
            self.operators += 1;
            if self.operators > OPERATORS {
                return Err(ExtractError::Bomb);
            }
            match operator {
                Op::SaveState(_) if run.states.len() < STATES => {
                    run.states.push(run.state.clone());
                }
                Op::RestoreState(_) if run.states.len() > states => run.restore(),
                Op::Transform(t) => {
                    let matrix = [t.0, t.1, t.2, t.3, t.4, t.5].map(|n| n.as_f64());
                    run.state.to_page *= Affine::new(matrix);
                }
                Op::BeginText(_) => run.set_line(Affine::IDENTITY),
                Op::SetTextMatrix(t) => {
                    let matrix = [t.0, t.1, t.2, t.3, t.4, t.5].map(|n| n.as_f64());
                    run.set_line(Affine::new(matrix));
                }
                Op::NextLine(n) => run.next_line(n.0.as_f64(), n.1.as_f64()),
                Op::NextLineAndSetLeading(n) => {
                    run.state.leading = -n.1.as_f64();
                    run.next_line(n.0.as_f64(), n.1.as_f64());
                }
                Op::NextLineUsingLeading(_) => run.next_line(0.0, -run.state.leading),
                Op::TextFont(t) => {
                    run.state.font = resources.get_font(t.0).and_then(|dict| self.font(&dict));
                    run.state.size = t.1.as_f64();
                }
                Op::HorizontalScaling(n) => run.state.stretch = n.0.as_f64() / 100.0,
                Op::TextLeading(n) => run.state.leading = n.0.as_f64(),
                Op::CharacterSpacing(n) => run.state.char_space = n.0.as_f64(),
                Op::WordSpacing(n) => run.state.word_space = n.0.as_f64(),
                Op::TextRise(n) => run.state.rise = n.0.as_f64(),
                Op::ShowText(s) => self.show(s.0.as_bytes(), run)?,
                Op::ShowTexts(parts) => {
                    for part in parts.0.iter::<Object<'_>>() {
                        match part {
                            Object::Number(shift) => run.shift(shift.as_f64()),
                            Object::String(string) => self.show(string.as_bytes(), run)?,
                            _ => {}
                        }
                    }
                }
                Op::NextLineAndShowText(s) => {
                    run.next_line(0.0, -run.state.leading);
                    self.show(s.0.as_bytes(), run)?;
                }
                Op::ShowTextWithParameters(s) => {
                    run.state.word_space = s.0.as_f64();
                    run.state.char_space = s.1.as_f64();
                    run.next_line(0.0, -run.state.leading);
                    self.show(s.2.as_bytes(), run)?;
                }
                Op::BeginMarkedContent(mark) => run.mark(mark.0),
                Op::BeginMarkedContentWithProperties(mark) => run.mark(mark.0),
                Op::EndMarkedContent(_) => {
                    run.marked.pop();
                }
                Op::InlineImage(_) => run.pictures += 1,
                Op::XObject(named) => {
                    if let Some(stream) = resources.get_x_object(named.0) {
                        self.object(&stream, resources, run, depth)?;
                    }
                }
                _ => {}
            }
        }
        while run.states.len() > states {
            run.restore();
        }
        Ok(())
    }

    fn object(
        &mut self,
        stream: &Stream<'a>,
        resources: &Resources<'a>,
        run: &mut Run<'a>,
        depth: usize,
    ) -> Result<(), ExtractError> {
        let dict = stream.dict();
        match dict.get::<Name<'_>>(b"Subtype").as_deref() {
            Some(b"Form") if depth < DEPTH => {}
            Some(b"Image") => {
                run.pictures += 1;
                return Ok(());
            }
            _ => return Ok(()),
        }
        let Ok(content) = stream.decoded_data() else { return Ok(()) };
        let own = dict.get::<Dict<'_>>(b"Resources").map(Resources::new);
        let saved = (run.state.clone(), run.line, run.text);
        if let Some(matrix) = dict.get::<[f64; 6]>(b"Matrix") {
            run.state.to_page *= Affine::new(matrix);
        }
        let operators = TypedIter::new(&content);
        self.follow(operators, own.as_ref().unwrap_or(resources), run, depth + 1)?;
        (run.state, run.line, run.text) = saved;
        Ok(())
    }

    fn font(&mut self, dict: &Dict<'a>) -> Option<Rc<KnownFont<'a>>> {
        let place = (dict.data().as_ptr().addr(), dict.data().len());
        if let Some(known) = self.known.get(&place) {
            return known.clone();
        }
        let known = self.fonts.font(dict, &self.programs, &self.cmaps).map(|font| {
            let name = dict.get::<Name<'_>>(b"BaseFont");
            let name = name.map(|name| name.as_str().to_lowercase()).unwrap_or_default();
            let is_bold =
                ["bold", "black", "heavy", "cmbx"].iter().any(|weight| name.contains(weight));
            Rc::new(KnownFont { font, is_bold, signs: RefCell::default() })
        });
        self.known.insert(place, known.clone());
        known
    }

    fn show(&mut self, string: &[u8], run: &mut Run<'a>) -> Result<(), ExtractError> {
        let Some(known) = run.state.font.clone() else {
            self.unknown += string.len();
            return Ok(());
        };
        let mut at = 0;
        while at < string.len() {
            let (code, length) = known.font.read_code(string, at);
            at += length.max(1);
            let (text, advance) = known.sign(code);
            let state = &run.state;
            let space = if code == 32 && length == 1 { state.word_space } else { 0.0 };
            let along = |advance: f64| advance / f64::from(UNITS_PER_EM) * state.size;
            let shift = if known.font.is_horizontal() {
                Vec2::new((along(advance.x) + state.char_space + space) * state.stretch, 0.0)
            } else {
                Vec2::new(0.0, along(advance.y) + state.char_space + space)
            };
            let place = state.to_page * run.text;
            let from = place * Point::new(0.0, state.rise);
            let to = place * Point::new(along(advance.x) * state.stretch, state.rise);
            let up = place * Point::new(0.0, state.rise + state.size) - from;
            match &text {
                Some(text) => {
                    self.bytes += text.len();
                    self.letters += text.chars().filter(|c| c.is_alphanumeric()).count();
                }
                None => self.unknown += 1,
            }
            let is_aside = run.marked.contains(&true);
            let is_bold = known.is_bold;
            let text = text.as_deref().unwrap_or(UNKNOWN);
            run.spans.push(Sign { text, from, to, up, is_bold, is_aside });
            run.text *= Affine::translate(shift);
        }
        // Signs that are repeated can be more text than the file has bytes.
        if self.bytes > 2 * ARTICLE_BYTES { Err(ExtractError::TooMuchText) } else { Ok(()) }
    }
}

impl KnownFont<'_> {
    fn sign(&self, code: u32) -> KnownSign {
        if let Some(sign) = self.signs.borrow().get(&code) {
            return sign.clone();
        }
        let glyph = self.font.glyph(self.font.map_code(code), code);
        let letter = match &glyph {
            FontGlyph::Outline(outline) => outline.as_unicode(),
            FontGlyph::Type3(drawn) => drawn.as_unicode(),
        };
        let text = letter.map(|letter| match letter {
            BfString::Char(c) => Rc::from(c.to_string()),
            BfString::String(text) => Rc::from(text),
        });
        let sign = (text, self.font.code_advance(code));
        self.signs.borrow_mut().insert(code, sign.clone());
        sign
    }
}

impl Run<'_> {
    fn restore(&mut self) {
        if let Some(state) = self.states.pop() {
            self.state = state;
        }
    }

    fn set_line(&mut self, line: Affine) {
        (self.line, self.text) = (line, line);
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.set_line(self.line * Affine::translate((x, y)));
    }

    fn shift(&mut self, thousandths: f64) {
        let shift = -thousandths / f64::from(UNITS_PER_EM) * self.state.size;
        let is_horizontal = self.state.font.as_ref().is_none_or(|f| f.font.is_horizontal());
        self.text *= Affine::translate(if is_horizontal {
            (shift * self.state.stretch, 0.0)
        } else {
            (0.0, shift)
        });
    }

    /// Producers mark page numbers and running heads as artifacts.
    fn mark(&mut self, tag: &Name<'_>) {
        if self.marked.len() < STATES {
            self.marked.push(tag.as_ref() == b"Artifact");
        }
    }
}
