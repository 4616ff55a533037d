//! Takes out of a module what it carries in vain: the texts of panics that nobody would read, and
//! long names that only the module and its own script call each other by.
//!
//! Nothing here decides what a program does. Where a name is not known, as with another compiler,
//! the module is only larger.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use walrus::ir::{InstrLocId, Unreachable, Value};
use walrus::{ConstExpr, DataId, DataKind, FunctionKind, Module, ModuleConfig};

/// Functions that end the program and say why, and those that write values out for that purpose
/// only, by the part of their mangled names that says which they are.
const MESSAGES: &[&str] = &[
    "4core9panicking",
    "4core6option13expect_failed",
    "4core6option13unwrap_failed",
    "4core6result13unwrap_failed",
    "13assert_failed",
    "16slice_error_fail",
    "16slice_index_fail",
    "17len_mismatch_fail",
    "19panic_access_error",
    "14panic_poisoned",
    "22panic_already_borrowed",
    "30panic_already_mutably_borrowed",
    "7raw_vec12handle_error",
    "7raw_vec17capacity_overflow",
    "5alloc8rust_oom",
    // Derived for tests and messages, and what they are written with; a person is never shown one.
    "4core3fmt8builders",
    "5Debug3fmt",
    "fmt..Debug$GT$3fmt",
];

/// What only these functions were given to say, by the standard library and the crates in use.
const TEXTS: &[&str] = &[
    " is out of bounds of `",
    " is not a char boundary; it is inside ",
    " when slicing `",
    "begin > end (",
    "start byte index ",
    "end byte index ",
    "slice index starts at ",
    " but ends at ",
    "index out of bounds: the len is ",
    " but the index is ",
    "range start index ",
    "range end index ",
    " out of range for slice of length ",
    "cannot access a Thread Local Storage value during or after destruction: ",
    "copy_from_slice: source slice length (",
    ") does not match destination slice length (",
    "insertion index (is ",
    "swap_remove index (is ",
    "removal index (is ",
    ") should be <= len (is ",
    ") should be < len (is ",
    "the guard should always be in place until the Drop implementation",
    "Tried to access a reactive value that has already been disposed.",
    "Attempted to initialize thread-local while it is being dropped",
    "Once instance has previously been poisoned",
    "LazyCell instance has previously been poisoned",
    "one-time initialization may not be performed recursively",
    "attempt to join into collection with len > usize::MAX",
    "Dropped SendWrapper<T> variable from a thread different to the one it has been created with.",
    "Executor::spawn called, but no global 'spawn' function is configured.",
    "Executor::spawn_local called, but no global 'spawn_local' function is configured.",
    "internal error: entered unreachable code",
    ": The JS binding should only ever produce a valid value or the specific 'invalid' value",
    "assertion failed: self.is_char_boundary(new_len)",
    "assertion failed: psize >= size + min_overhead",
    "assertion failed: psize <= size + max_overhead",
    "use of std::thread::current() is not possible after the thread's local data has been destroyed",
    "failed to generate unique thread ID: bitspace exhausted",
    "thread name may not contain interior null bytes",
    "called `Result::unwrap()` on an `Err` value",
    "called `Option::unwrap()` on a `None` value",
    "destination and source slices have different lengths",
    "a Display implementation returned an error unexpectedly",
    "Hash table capacity overflow",
    "`async fn` resumed after completion",
];

/// Lets a panic end the program as before, without saying why first. Only for a module that has
/// no panic hook, because nobody would hear it.
pub(super) fn silence_panics(module: &mut Module) {
    for function in module.funcs.iter_mut() {
        let is_message = function.name.as_deref().is_some_and(writes_messages);
        if let FunctionKind::Local(local) = &mut function.kind
            && is_message
        {
            let entry = local.entry_block();
            let body = &mut local.block_mut(entry).instrs;
            body.clear();
            body.push((Unreachable {}.into(), InstrLocId::default()));
        }
    }
    let mut data = Data::of(module);
    data.blank_places();
    data.blank_texts();
    data.put_back(module);
}

fn writes_messages(mangled: &str) -> bool {
    MESSAGES.iter().any(|name| mangled.contains(name))
}

/// What stands in memory at the start.
struct Data(Vec<Segment>);

struct Segment {
    id: DataId,
    start: u32,
    bytes: Vec<u8>,
}

/// Size of a [`std::panic::Location`], four words: where the file's name lies, its length, line and
/// column.
const PLACE_BYTES: usize = 16;
/// The longest name of a source file, and the last line and column, that are taken for such.
const PLACE_BOUNDS: [u32; 3] = [250, 100_000, 1_000];

impl Data {
    fn of(module: &Module) -> Self {
        let segments = module.data.iter().filter_map(|data| match data.kind {
            DataKind::Active { offset: ConstExpr::Value(Value::I32(start)), .. } => Some(Segment {
                id: data.id(),
                start: start.cast_unsigned(),
                bytes: data.value.clone(),
            }),
            _ => None,
        });
        Self(segments.collect())
    }

    fn put_back(self, module: &mut Module) {
        for Segment { id, bytes, .. } in self.0 {
            module.data.get_mut(id).value = bytes;
        }
    }

    /// Makes zeros of the places in the source that panics would name, and of the files' names.
    fn blank_places(&mut self) {
        let mut blank = Vec::new();
        for (index, segment) in self.0.iter().enumerate() {
            for at in (0..segment.bytes.len()).step_by(4) {
                let Some(place) = segment.bytes.get(at..at + PLACE_BYTES) else { break };
                if let Some((file, offset, length)) = self.file_of(place) {
                    blank.push((index, at, PLACE_BYTES));
                    blank.push((file, offset, length));
                }
            }
        }
        for (segment, at, length) in blank {
            self.0[segment].bytes[at..at + length].fill(0);
        }
    }

    fn blank_texts(&mut self) {
        for Segment { bytes, .. } in &mut self.0 {
            for text in TEXTS {
                let found = |bytes: &[u8]| {
                    bytes.windows(text.len()).position(|window| window == text.as_bytes())
                };
                while let Some(at) = found(bytes) {
                    bytes[at..at + text.len()].fill(0);
                }
            }
        }
    }

    /// Segment, offset and length of the file's name, if these bytes are a place.
    fn file_of(&self, place: &[u8]) -> Option<(usize, usize, usize)> {
        let word =
            |at: usize| Some(u32::from_le_bytes(place.get(at * 4..at * 4 + 4)?.try_into().ok()?));
        let address = word(0)?;
        for (at, most) in (1..).zip(PLACE_BOUNDS) {
            word(at).filter(|word| (1..=most).contains(word))?;
        }
        let length = word(1)? as usize;
        self.0.iter().enumerate().find_map(|(index, segment)| {
            let offset = address.checked_sub(segment.start)? as usize;
            let name = segment.bytes.get(offset..offset + length)?;
            name.ends_with(b".rs").then_some((index, offset, length))
        })
    }
}

/// Gives the names that module and script call each other by fewer letters: half of each is a
/// hash, which no compression shortens. What the script never calls is no longer offered to it.
pub(super) fn shorten_names(module: &Path, script: &Path) -> Result<()> {
    let mut text = fs::read_to_string(script)?;
    let mut wasm = ModuleConfig::new().parse_file(module)?;
    for (number, import) in wasm.imports.iter_mut().enumerate() {
        let short = letters(number);
        let count;
        (text, count) =
            replaced(&text, &format!(" {}: function", import.name), &format!(" {short}: function"));
        ensure!(count == 1, "{} has {count} definitions of {}", script.display(), import.name);
        import.name = short;
    }
    let mut unused = Vec::new();
    for (number, export) in wasm.exports.iter_mut().enumerate() {
        // All others are the crate's own.
        if !export.name.starts_with("__") && !export.name.starts_with("wasm_bindgen__") {
            continue;
        }
        // Longer than any of the crate's own could be by chance: `$` is in no Rust name.
        let short = format!("${}", letters(number));
        let count;
        (text, count) = replaced(&text, &format!("wasm.{}", export.name), &format!("wasm.{short}"));
        if count == 0 {
            unused.push(export.id());
        }
        export.name = short;
    }
    for export in unused {
        wasm.exports.delete(export);
    }
    fs::write(script, text)?;
    wasm.emit_wasm_file(module).with_context(|| format!("cannot write {}", module.display()))
}

/// `a` to `z`, then `aa` and so on.
fn letters(number: usize) -> String {
    let last = char::from(b'a' + (number % 26) as u8);
    match number / 26 {
        0 => last.to_string(),
        rest => letters(rest - 1) + &last.to_string(),
    }
}

/// The text with `new` for each `old` that is not only the beginning of a longer word, and how
/// many there were.
fn replaced(text: &str, old: &str, new: &str) -> (String, usize) {
    let mut parts = text.split(old);
    let mut out = parts.next().unwrap_or_default().to_owned();
    let mut count = 0;
    for part in parts {
        let goes_on = part.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$'));
        out += if goes_on { old } else { new };
        count += usize::from(!goes_on);
        out += part;
    }
    (out, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_ends_the_program_is_silenced() {
        for message in [
            "_RNvNtCsgXGp5Oqx2Ny_4core9panicking9panic_fmt",
            "_ZN4core9panicking13panic_display17h6145b2113f15af39E",
            "_RNvXs1g_NtCsgXGp5Oqx2Ny_4core3fmtRjNtB6_5Debug3fmtB8_",
            "_ZN60_$LT$alloc..string..String$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE",
        ] {
            assert!(writes_messages(message), "{message}");
        }
        for other in [
            "_RNvNtCsgXGp5Oqx2Ny_4core3fmt5write",
            "_RNvNtNtCsebHcaeoSrxy_3std9panicking11panic_count17is_zero_slow_path",
            "_ZN9hashbrown3raw11Fallibility17capacity_overflow17hc13d641b3bd05fdaE",
            "_ZN79_$LT$core..option..Option$LT$T$GT$$u20$as$u20$wasm_bindgen..UnwrapThrowExt$GT$12unwrap_throw17h553bb8c0926e415eE",
            "_ZN66_$LT$cavuer_protocol..id..CallId$u20$as$u20$core..fmt..Display$GT$3fmt17hcc5e96ee88f689cbE",
        ] {
            assert!(!writes_messages(other), "{other}");
        }
    }

    #[test]
    fn places_become_zeros_and_nothing_else_does() {
        let id = Module::default().data.add(DataKind::Passive, Vec::new());
        let mut bytes = b"src/a.rs".to_vec();
        for word in [1_000_u32, 8, 12, 5, 1_000, 7, 12, 5] {
            bytes.extend(word.to_le_bytes());
        }
        let mut data = Data(vec![Segment { id, start: 1_000, bytes: bytes.clone() }]);
        data.blank_places();
        let (blank, kept) = data.0[0].bytes.split_at(24);
        assert!(blank.iter().all(|byte| *byte == 0));
        // These words speak of `src/a.r`.
        assert_eq!(kept, &bytes[24..]);
    }

    #[test]
    fn texts_of_panics_become_zeros_and_nothing_else_does() {
        let id = Module::default().data.add(DataKind::Passive, Vec::new());
        let bytes = [b"hidden", TEXTS[0].as_bytes(), b"rows", TEXTS[0].as_bytes()].concat();
        let mut data = Data(vec![Segment { id, start: 0, bytes }]);
        data.blank_texts();
        let left: Vec<_> = data.0[0].bytes.iter().copied().filter(|byte| *byte != 0).collect();
        assert_eq!(left, b"hiddenrows");
    }

    #[test]
    fn whole_words_are_replaced() {
        assert_eq!(replaced("a.b a.bc a.b()", "a.b", "x"), ("x a.bc x()".to_owned(), 2));
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["a", "z", "aa", "zz", "aaa"]);
    }
}
