use std::time::Duration;

/// What the provider does with one request.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    pub(super) reply: Reply,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reply {
    /// An answer in pieces.
    Pieces(Pieces),
    /// The question, said back word by word.
    Echo(Duration),
    /// What images the request holds, in words.
    See,
    /// An error before any answer. `error` is its kind and message; `None` stands for what the
    /// provider usually says with this status.
    Status { status: u16, headers: Vec<(String, String)>, error: Option<(String, String)> },
    /// A body of any kind under status 200.
    Page { content_type: String, body: String },
    /// Not even a status.
    Silence,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pieces {
    pub texts: Vec<String>,
    /// Pause before each piece but the first.
    pub gap: Duration,
    /// Waits after this many pieces until the test releases it.
    pub hold_after: Option<usize>,
    /// After the texts, if the answer is finished.
    pub calls: Vec<Call>,
    /// Tokens read and written; `None` counts one for each piece written, and a hundred read.
    pub usage: Option<(u64, u64)>,
    pub ending: Ending,
}

/// A function that the model wants called.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    pub name: String,
    /// JSON as a model writes it, which may be broken.
    pub arguments: String,
}

impl Pieces {
    pub(super) fn new(texts: Vec<String>) -> Self {
        Self {
            texts,
            gap: Duration::ZERO,
            hold_after: None,
            calls: Vec::new(),
            usage: None,
            ending: Ending::Finished,
        }
    }

    pub(super) fn usage(&self) -> (u64, u64) {
        self.usage.unwrap_or((100, self.texts.len() as u64))
    }
}

impl Call {
    /// The arguments in the two parts in which they are sent.
    pub(super) fn parts(&self) -> [&str; 2] {
        let half = self.arguments.char_indices().nth(self.arguments.chars().count() / 2);
        let (first, second) = self.arguments.split_at(half.map_or(0, |(half, _)| half));
        [first, second]
    }
}

/// How an answer in pieces ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// With the finish mark, as it should.
    Finished,
    /// With a finish mark of another kind, such as `content_filter` or `refusal`.
    FinishedBy(String),
    /// The connection breaks.
    Cut,
    /// The body ends in order, but without the finish mark.
    EndedEarly,
    /// Nothing comes any more, and the connection stays open.
    Stalled,
    /// An event that is not JSON.
    Malformed,
    /// An error event of this kind in the middle of the stream.
    Error(String),
}

impl Script {
    /// An answer in pieces of one word.
    pub fn answer(text: &str) -> Self {
        Self::pieces(text.split_inclusive(' '))
    }

    /// An answer in exactly these pieces.
    pub fn pieces<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        let texts = texts.into_iter().map(Into::into).collect();
        Self { reply: Reply::Pieces(Pieces::new(texts)) }
    }

    /// Asks for a function without a word. `arguments` is sent as it is, in two parts.
    pub fn call(name: &str, arguments: &str) -> Self {
        Self::pieces::<String>([]).and_call(name, arguments)
    }

    /// Says how many images the request holds, of which types and how long.
    pub fn see() -> Self {
        Self { reply: Reply::See }
    }

    /// So many short pieces with a pause between them.
    pub fn tokens(count: usize, gap: Duration) -> Self {
        Self::pieces((0..count).map(|n| format!("token{n} "))).with_gap(gap)
    }

    /// An answer with a finish mark and nothing else.
    pub fn empty() -> Self {
        Self::pieces::<String>([])
    }

    /// Says the question back.
    pub fn echo() -> Self {
        Self { reply: Reply::Echo(Duration::ZERO) }
    }

    /// An HTTP error with the body that the provider usually sends with it.
    pub fn status(status: u16) -> Self {
        Self { reply: Reply::Status { status, headers: Vec::new(), error: None } }
    }

    /// A page instead of an answer, as from a wrong address.
    pub fn page(content_type: &str, body: &str) -> Self {
        Self { reply: Reply::Page { content_type: content_type.to_owned(), body: body.to_owned() } }
    }

    /// Takes the request and never says anything.
    pub fn silence() -> Self {
        Self { reply: Reply::Silence }
    }

    /// Status and error, if this is one.
    pub(super) fn as_error(&self) -> Option<(u16, Option<(String, String)>)> {
        match &self.reply {
            Reply::Status { status, error, .. } => Some((*status, error.clone())),
            _ => None,
        }
    }

    /// Adds a header to an error.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let Reply::Status { headers, .. } = &mut self.reply {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Says what kind of error it is, and why.
    #[must_use]
    pub fn with_error(mut self, kind: &str, message: &str) -> Self {
        if let Reply::Status { error, .. } = &mut self.reply {
            *error = Some((kind.to_owned(), message.to_owned()));
        }
        self
    }

    /// Pauses before each piece but the first.
    #[must_use]
    pub fn with_gap(mut self, pause: Duration) -> Self {
        match &mut self.reply {
            Reply::Pieces(pieces) => pieces.gap = pause,
            Reply::Echo(gap) => *gap = pause,
            _ => {}
        }
        self
    }

    /// Asks for one more function at the end of the answer.
    #[must_use]
    pub fn and_call(mut self, name: &str, arguments: &str) -> Self {
        if let Reply::Pieces(pieces) = &mut self.reply {
            pieces.calls.push(Call { name: name.to_owned(), arguments: arguments.to_owned() });
        }
        self
    }

    /// Says what the answer has cost, in tokens.
    #[must_use]
    pub fn with_usage(mut self, read: u64, written: u64) -> Self {
        if let Reply::Pieces(pieces) = &mut self.reply {
            pieces.usage = Some((read, written));
        }
        self
    }

    /// Waits after `count` pieces for [`super::ScriptedProvider::release`].
    #[must_use]
    pub fn hold_after(mut self, count: usize) -> Self {
        if let Reply::Pieces(pieces) = &mut self.reply {
            pieces.hold_after = Some(count);
        }
        self
    }

    /// Gives `count` pieces and then ends in this way.
    #[must_use]
    pub fn ending_after(mut self, count: usize, ending: Ending) -> Self {
        if let Reply::Pieces(pieces) = &mut self.reply {
            pieces.texts.truncate(count);
            pieces.ending = ending;
        }
        self
    }

    /// The script in a message's marker, `[[name argument argument]]`; `None` if there is none.
    ///
    /// | marker | does |
    /// |---|---|
    /// | `[[say Some words]]` | answers with these words |
    /// | `[[echo]]` | says the message back |
    /// | `[[call name {"a": 1}]]` | asks for a function with these arguments |
    /// | `[[see]]` | says what images it was given |
    /// | `[[tokens 64 5]]` | 64 pieces, 5 ms apart |
    /// | `[[status 429 7]]` | an error, with `Retry-After: 7` if given |
    /// | `[[empty]]`, `[[silence]]` | an answer without text; no answer at all |
    /// | `[[hold 2]]` | waits after two pieces |
    /// | `[[stall 2]]`, `[[cut 2]]`, `[[end 2]]`, `[[malformed 2]]`, `[[error 2 kind]]` | two pieces, then this |
    ///
    /// With `once` before the name it is done only the first time that the same message comes;
    /// `first_time` says whether it is.
    pub fn from_marker(message: &str, first_time: impl FnOnce() -> bool) -> Option<Self> {
        let (_, rest) = message.split_once("[[")?;
        let (marker, _) = rest.split_once("]]")?;
        let marker = match marker.trim().strip_prefix("once ") {
            Some(_) if !first_time() => return None,
            Some(marker) => marker,
            None => marker,
        };
        let (name, arguments) = marker.trim().split_once(' ').unwrap_or((marker.trim(), ""));
        let argument = |index: usize| arguments.split_whitespace().nth(index);
        let number = |index: usize| argument(index).and_then(|text| text.parse::<usize>().ok());
        let ten = || Self::answer("one two three four five six seven eight nine ten");
        let ends = |ending| Some(ten().ending_after(number(0).unwrap_or(0), ending));
        match name {
            "say" => Some(Self::answer(arguments)),
            "echo" => Some(Self::echo()),
            "call" => {
                let (function, arguments) = arguments.split_once(' ').unwrap_or((arguments, "{}"));
                Some(Self::call(function, arguments))
            }
            "see" => Some(Self::see()),
            "tokens" => {
                let gap = Duration::from_millis(number(1).unwrap_or(0).try_into().ok()?);
                Some(Self::tokens(number(0)?, gap))
            }
            "status" => {
                let script = Self::status(number(0)?.try_into().ok()?);
                Some(match argument(1) {
                    Some(seconds) => script.with_header("retry-after", seconds),
                    None => script,
                })
            }
            "empty" => Some(Self::empty()),
            "silence" => Some(Self::silence()),
            "hold" => Some(ten().hold_after(number(0).unwrap_or(0))),
            "stall" => ends(Ending::Stalled),
            "cut" => ends(Ending::Cut),
            "end" => ends(Ending::EndedEarly),
            "malformed" => ends(Ending::Malformed),
            "error" => ends(Ending::Error(argument(1).unwrap_or("api_error").to_owned())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(message: &str) -> Option<Script> {
        Script::from_marker(message, || true)
    }

    #[test]
    fn markers_are_read() {
        assert_eq!(marked("hello"), None);
        assert_eq!(marked("[[no such thing]]"), None);
        assert_eq!(marked("x [[say a b]] y"), Some(Script::answer("a b")));
        assert_eq!(
            marked("[[status 429 7]]"),
            Some(Script::status(429).with_header("retry-after", "7"))
        );
        assert_eq!(marked("[[tokens 3]]"), Some(Script::tokens(3, Duration::ZERO)));
        assert_eq!(
            marked("[[cut 1]]"),
            Some(Script::pieces(["one "]).ending_after(1, Ending::Cut))
        );
        assert_eq!(marked("[[status many]]"), None);
        assert_eq!(marked("[[call find {\"q\": 1}]]"), Some(Script::call("find", "{\"q\": 1}")));
    }

    #[test]
    fn once_is_once() {
        assert_eq!(Script::from_marker("[[once status 500]]", || true), Some(Script::status(500)));
        assert_eq!(Script::from_marker("[[once status 500]]", || false), None);
    }
}
