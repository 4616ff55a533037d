//! Server-sent events, as bytes arrive (HTML, "Interpreting an event stream").

/// Longest line, and longest data of one event, in bytes, that a [`SseDecoder::default`] takes: a
/// snapshot of a conversation stays far below it.
const LONGEST: usize = 4 * 1024 * 1024;

/// One event that carries data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentEvent {
    /// The newest id on the stream, for `Last-Event-ID`; empty if none was sent yet.
    pub id: String,
    /// The `data` lines of the event, joined by LF; may be empty.
    pub data: String,
}

/// A line or an event is longer than any honest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTooLong;

/// Reads events out of a byte stream, however it is cut. It keeps what has arrived of an
/// unfinished line and event, and of the fields only `id` and `data`.
#[derive(Debug)]
pub struct SseDecoder {
    longest: usize,
    /// What is made of a line that is not UTF-8.
    mended: fn(&[u8]) -> String,
    line: Vec<u8>,
    /// The last byte was CR, so an LF right after it belongs to the same line end.
    after_return: bool,
    started: bool,
    id: String,
    data: Option<String>,
}

impl Default for SseDecoder {
    /// For a stream of our own server, which sends UTF-8: a line that is none of it says nothing.
    fn default() -> Self {
        // A comment; the empty line would end the event.
        Self::new(LONGEST, |_| ":".to_owned())
    }
}

impl SseDecoder {
    /// For a stream of somebody else's server: what is not UTF-8 becomes replacement characters,
    /// and neither a line nor the data of an event may have more than `longest` bytes.
    pub fn lossy(longest: usize) -> Self {
        Self::new(longest, |line| String::from_utf8_lossy(line).into_owned())
    }

    fn new(longest: usize, mended: fn(&[u8]) -> String) -> Self {
        Self {
            longest,
            mended,
            line: Vec::new(),
            after_return: false,
            started: false,
            id: String::new(),
            data: None,
        }
    }

    /// Takes the next bytes, split anywhere, and returns the events that they complete.
    ///
    /// # Errors
    /// [`EventTooLong`]; the stream is then of no further use.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<SentEvent>, EventTooLong> {
        let mut events = Vec::new();
        for &byte in bytes {
            let follows_return = std::mem::replace(&mut self.after_return, byte == b'\r');
            match byte {
                b'\n' if follows_return => {}
                b'\n' | b'\r' => {
                    let line = std::mem::take(&mut self.line);
                    events.extend(match std::str::from_utf8(&line) {
                        Ok(line) => self.end_line(line),
                        Err(_) => self.end_line(&(self.mended)(&line)),
                    });
                }
                _ => self.line.push(byte),
            }
            if self.line.len().max(self.data.as_ref().map_or(0, String::len)) > self.longest {
                return Err(EventTooLong);
            }
        }
        Ok(events)
    }

    fn end_line(&mut self, mut line: &str) -> Option<SentEvent> {
        if !std::mem::replace(&mut self.started, true) {
            line = line.strip_prefix('\u{feff}').unwrap_or(line);
        }
        if line.is_empty() {
            let data = self.data.take()?;
            let id = self.id.clone();
            return Some(SentEvent { id, data });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            // Comments keep the connection awake; other fields mean nothing to us.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, data: &str) -> SentEvent {
        SentEvent { id: id.to_owned(), data: data.to_owned() }
    }

    fn decode<'a>(parts: impl Iterator<Item = &'a [u8]>) -> Vec<SentEvent> {
        let mut decoder = SseDecoder::default();
        parts.flat_map(|part| decoder.push(part).unwrap()).collect()
    }

    #[test]
    fn any_split_gives_the_same_events() {
        let stream = "\u{feff}: hello\r\nid: 7-1\r\ndata: é\r\n\r\ndata:a\ndata:  b\rretry: 5\n\nid:7-2\n\n: x\n\nevent: e\ndata\ndatabase: no\nunknown\n\ndata: unfinished\n";
        let expected = [event("7-1", "é"), event("7-1", "a\n b"), event("7-2", "")];
        for size in 1..stream.len() {
            let events = decode(stream.as_bytes().chunks(size));
            assert_eq!(events, expected, "in parts of {size}");
        }
    }

    #[test]
    fn an_id_with_nul_is_ignored() {
        let events = decode([&b"id: 1\nid: \0\ndata: a\n\n"[..]].into_iter());
        assert_eq!(events, [event("1", "a")]);
    }

    #[test]
    fn of_strangers_what_is_no_utf_8_is_taken_as_far_as_it_goes() {
        let stream = b"data: a\xffb\n\ndata: c\n\n";
        let events = SseDecoder::lossy(1_000).push(stream).unwrap();
        assert_eq!(events, [event("", "a\u{fffd}b"), event("", "c")]);
        assert_eq!(decode([&stream[..]].into_iter()), [event("", "c")]);
    }

    #[test]
    fn memory_is_bounded() {
        let mut decoder = SseDecoder::lossy(1_000);
        assert_eq!(decoder.push(&[b'x'; 1_001]), Err(EventTooLong));
        let mut decoder = SseDecoder::lossy(1_000);
        let line = format!("data: {}\n", "x".repeat(500));
        assert_eq!(decoder.push(line.as_bytes()), Ok(vec![]));
        assert_eq!(decoder.push(line.repeat(2).as_bytes()), Err(EventTooLong));
    }
}
