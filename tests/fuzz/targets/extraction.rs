//! A document of any content is read, or refused with a reason; never a panic, a hang, or text
//! that breaks what the rest of the server relies on.

#![no_main]

use cavuer_protocol::limits::ARTICLE_BYTES;
use cavuer_text::passages::passages;
use cavuer_text::documents::{Kind, clean, extract};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for name in ["file.txt", "file.html", "file.docx", "file.pdf"] {
        if let Ok(kind) = Kind::of_file(name, bytes) {
            read(kind, bytes);
        }
    }
});

fn read(kind: Kind, bytes: &[u8]) {
    let mut last = 0.0;
    let read = extract(kind, bytes, &mut |done| {
        assert!((last..=1.0).contains(&done), "progress goes from 0 to 1: {last}, {done}");
        last = done;
    });
    match read {
        Ok(read) => {
            assert!(!read.text.is_empty() && read.text.len() <= ARTICLE_BYTES);
            assert_eq!(clean(&read.text), read.text, "clean text stays as it is");
            assert!(!passages(&read.text).is_empty(), "text has passages");
        }
        Err(reason) => assert!(!reason.to_string().is_empty()),
    }
}
