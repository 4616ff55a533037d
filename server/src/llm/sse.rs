use std::collections::VecDeque;

/// Longest line and longest event, in bytes. Providers send a few hundred bytes per token.
const MAX_EVENT_BYTES: usize = 256 * 1024;

/// Reads server-sent events out of a byte stream, however it is cut into chunks, as the HTML
/// standard says ("Interpreting an event stream"). Of the fields only `data` is kept: both
/// providers repeat the event's name inside it.
#[derive(Debug, Default)]
pub struct SseDecoder {
    line: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    /// The last byte was CR, so an LF right after it belongs to the same line end.
    after_cr: bool,
    past_first_line: bool,
    ready: VecDeque<String>,
}

/// A line or an event is longer than any honest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTooLong;

impl SseDecoder {
    /// Takes the next bytes of the stream.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), EventTooLong> {
        for &byte in bytes {
            match byte {
                b'\n' if self.after_cr => self.after_cr = false,
                b'\n' | b'\r' => {
                    self.after_cr = byte == b'\r';
                    self.end_line()?;
                }
                _ => {
                    self.after_cr = false;
                    if self.line.len() == MAX_EVENT_BYTES {
                        return Err(EventTooLong);
                    }
                    self.line.push(byte);
                }
            }
        }
        Ok(())
    }

    /// The data of the next complete event, if there is one.
    pub fn next_event(&mut self) -> Option<String> {
        self.ready.pop_front()
    }

    fn end_line(&mut self) -> Result<(), EventTooLong> {
        let mut line = std::mem::take(&mut self.line);
        if !self.past_first_line {
            self.past_first_line = true;
            if line.starts_with(b"\xef\xbb\xbf") {
                line.drain(..3);
            }
        }
        if line.is_empty() {
            self.dispatch();
        } else if let Some(value) = field_data(&line) {
            if self.data.len() + value.len() > MAX_EVENT_BYTES {
                return Err(EventTooLong);
            }
            if self.has_data {
                self.data.push(b'\n');
            }
            self.has_data = true;
            self.data.extend_from_slice(value);
        }
        line.clear();
        self.line = line;
        Ok(())
    }

    fn dispatch(&mut self) {
        if std::mem::take(&mut self.has_data) {
            let data = std::mem::take(&mut self.data);
            self.ready.push_back(String::from_utf8_lossy(&data).into_owned());
        }
    }
}

/// The value of a `data` line; `None` for comments and other fields.
fn field_data(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"data")?;
    match rest {
        [] => Some(rest),
        [b':', b' ', value @ ..] | [b':', value @ ..] => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(chunks: &[&[u8]]) -> Vec<String> {
        let mut decoder = SseDecoder::default();
        for chunk in chunks {
            decoder.push(chunk).unwrap();
        }
        std::iter::from_fn(|| decoder.next_event()).collect()
    }

    #[test]
    fn events_end_at_an_empty_line() {
        let stream =
            b": hello\nevent: x\ndata: one\nid: 1\n\ndata:two\ndata: lines\n\ndata: unfinished";
        assert_eq!(decode(&[stream]), ["one", "two\nlines"]);
    }

    #[test]
    fn any_cut_and_any_line_end_gives_the_same_events() {
        let stream = "\u{feff}data: größe\r\n\r\ndata: 2\r\rdata\n\ndatabase: no\n\n".as_bytes();
        let whole = decode(&[stream]);
        assert_eq!(whole, ["größe", "2", ""]);
        for cut in 0..stream.len() {
            assert_eq!(decode(&[&stream[..cut], &stream[cut..]]), whole, "cut at {cut}");
        }
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(decode(&bytes), whole);
    }

    #[test]
    fn memory_is_bounded() {
        let mut decoder = SseDecoder::default();
        assert_eq!(decoder.push(&vec![b'x'; MAX_EVENT_BYTES + 1]), Err(EventTooLong));

        let mut decoder = SseDecoder::default();
        let line = format!("data: {}\n", "x".repeat(MAX_EVENT_BYTES / 2));
        decoder.push(line.as_bytes()).unwrap();
        assert_eq!(decoder.push(line.repeat(2).as_bytes()), Err(EventTooLong));
    }
}
