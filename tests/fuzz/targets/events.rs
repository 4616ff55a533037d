//! A provider's event stream gives the same events however the network cuts it.

#![no_main]

use cavuer_protocol::sse::SseDecoder;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<u8>, &[u8])| {
    let (cuts, stream) = input;
    let Some(whole) = decode([stream].into_iter()) else { return };
    let pieces = decode(Pieces { cuts: cuts.into_iter(), rest: stream });
    assert_eq!(pieces.as_ref(), Some(&whole));
    let kept: usize = whole.iter().map(String::len).sum();
    // What is no UTF-8 becomes a replacement character of three bytes.
    assert!(kept <= stream.len() * 3, "events hold only what was sent");
});

/// The events of a stream, unless one of them is too long.
fn decode<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Option<Vec<String>> {
    let mut decoder = SseDecoder::lossy(256 * 1024);
    let mut events = Vec::new();
    for chunk in chunks {
        let chunk_events = decoder.push(chunk).ok()?;
        events.extend(chunk_events.into_iter().map(|event| event.data));
    }
    Some(events)
}

/// A stream in pieces of these lengths, and the rest.
struct Pieces<'a> {
    cuts: std::vec::IntoIter<u8>,
    rest: &'a [u8],
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let length = self.cuts.next().map_or(self.rest.len(), usize::from).min(self.rest.len());
        let (piece, rest) = self.rest.split_at(length);
        self.rest = rest;
        Some(piece)
    }
}
