//! Money, sizes, counts and short times as people read them.

use crate::text::{decimal, group_digits, t};

/// An amount of millionths of a US dollar: two digits that mean something, cents where there are
/// dollars.
pub fn dollars(micros: u64) -> String {
    let amount = micros as f64 / 1e6;
    match micros {
        0 => "$0".to_owned(),
        1..100 => format!("< ${}", decimal(0.0001, 4)),
        100..10_000 => format!("${}", decimal(amount, 4)),
        10_000..1_000_000 => format!("${}", decimal(amount, 3)),
        _ => format!("${}", decimal(amount, 2)),
    }
}

/// The size of a file: "12 KB", "1.3 MB".
pub fn bytes(size: u32) -> String {
    let words = &t().numbers;
    let size = f64::from(size);
    match size {
        ..1_000.0 => format!("{size:.0} {}", words.bytes),
        ..1_000_000.0 => format!("{:.0} {}", size / 1e3, words.kilobytes),
        _ => format!("{} {}", decimal(size / 1e6, 1), words.megabytes),
    }
}

/// "940", "12.3 k", "4.6 M".
pub fn compact(number: u64) -> String {
    let words = &t().numbers;
    match number {
        0..10_000 => group_digits(number),
        10_000..1_000_000 => format!("{} {}", decimal(number as f64 / 1e3, 1), words.thousand),
        _ => format!("{} {}", decimal(number as f64 / 1e6, 1), words.million),
    }
}

/// The length of a recording: "0:07", "1:40".
pub fn minutes(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// "45 ms", "1.3 s".
pub fn seconds(millis: u32) -> String {
    match millis {
        0..1_000 => format!("{millis} {}", t().time.ms),
        _ => format!("{} {}", decimal(f64::from(millis) / 1e3, 1), t().time.s),
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn small_amounts_keep_digits_that_mean_something() {
        for (micros, text) in [
            (0, "$0"),
            (40, "< $0.0001"),
            (560, "$0.0006"),
            (56_000, "$0.056"),
            (12_345_678, "$12.35"),
        ] {
            assert_eq!(dollars(micros), text);
        }
    }

    #[wasm_bindgen_test]
    fn sizes_and_lengths_are_short() {
        let sizes = [999, 12_345, 1_340_000].map(bytes);
        assert_eq!(sizes, ["999 B", "12 KB", "1.3 MB"]);
        assert_eq!([7, 100].map(minutes), ["0:07", "1:40"]);
    }

    #[wasm_bindgen_test]
    fn large_counts_are_short() {
        let counts = [9_400, 12_340, 4_560_000].map(compact);
        assert_eq!(counts, ["9,400", "12.3 k", "4.6 M"]);
    }

    #[wasm_bindgen_test]
    fn times_are_short() {
        assert_eq!((seconds(45), seconds(1_250)), ("45 ms".to_owned(), "1.2 s".to_owned()));
    }
}
