//! Server-sent events, as bytes arrive: a pure decoder of `text/event-stream` (HTML, 9.2.6).

/// One event that carries data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentEvent {
    /// The newest id on the stream, for `Last-Event-ID`; empty if none was sent yet.
    pub id: String,
    pub data: String,
}

/// Keeps what has arrived of an unfinished line and event.
#[derive(Default)]
pub struct Decoder {
    line: Vec<u8>,
    after_return: bool,
    started: bool,
    id: String,
    data: Option<String>,
}

impl Decoder {
    /// Takes the next bytes, split anywhere, and returns the events that they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<SentEvent> {
        let mut events = Vec::new();
        for &byte in bytes {
            let follows_return = std::mem::replace(&mut self.after_return, byte == b'\r');
            match byte {
                b'\n' if follows_return => {}
                b'\n' | b'\r' => events.extend(self.end_line()),
                _ => self.line.push(byte),
            }
        }
        events
    }

    fn end_line(&mut self) -> Option<SentEvent> {
        let bytes = std::mem::take(&mut self.line);
        // The server sends UTF-8; a line that is none of it says nothing.
        let mut line = std::str::from_utf8(&bytes).unwrap_or(":");
        if !std::mem::replace(&mut self.started, true) {
            line = line.trim_start_matches('\u{feff}');
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

    #[test]
    fn any_split_gives_the_same_events() {
        let stream = "\u{feff}: hello\r\nid: 7-1\r\ndata: é\r\n\r\ndata:a\ndata:  b\rretry: 5\n\nid:7-2\n\n: x\n\nevent: e\ndata\nunknown\n\ndata: unfinished\n";
        let expected = [event("7-1", "é"), event("7-1", "a\n b"), event("7-2", "")];
        let whole = Decoder::default().push(stream.as_bytes());
        assert_eq!(whole, expected);
        for size in 1..7 {
            let mut decoder = Decoder::default();
            let parts = stream.as_bytes().chunks(size);
            let events: Vec<_> = parts.flat_map(|part| decoder.push(part)).collect();
            assert_eq!(events, expected, "in parts of {size}");
        }
    }

    #[test]
    fn an_id_with_nul_is_ignored() {
        let events = Decoder::default().push(b"id: 1\nid: \0\ndata: a\n\n");
        assert_eq!(events, [event("1", "a")]);
    }
}
