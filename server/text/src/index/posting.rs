//! How the postings of a term are written: for each passage, in order of the ids, the step from
//! the id before (a number of seven bits a byte), then two bytes: how often the term stands in
//! title and text, and the passage's length.

use std::collections::HashMap;
use std::ops::Range;

use super::{Occurrences, Scope, TermId};

/// Most occurrences in a text that are told apart; more say no more.
const MAX_IN_TEXT: u8 = 31;
/// Most occurrences in a title that are told apart.
const MAX_IN_TITLE: u8 = 7;
/// Steps of the length's scale for each factor e.
const LENGTH_STEPS: f32 = 20.0;

/// Passages of one block, as the power of two.
const BLOCK_BITS: u32 = 10;

/// A passage that has a term.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Posting {
    /// The passage's id.
    pub passage: i64,
    /// How often the term stands in the title; 7 stands for any more.
    pub in_title: f32,
    /// How often the term stands in the text; 31 stands for any more.
    pub in_text: f32,
    /// Words of the passage, within five per cent.
    pub length: f32,
}

/// The postings of some terms as the index keeps them: for each term its blocks.
#[derive(Clone, Debug, Default)]
pub struct Postings(HashMap<TermId, Vec<(i64, Vec<u8>)>>);

impl Postings {
    /// Takes in a block of a term; those of one term come in rising order.
    pub fn add(&mut self, term: TermId, block: i64, data: Vec<u8>) {
        self.0.entry(term).or_default().push((block, data));
    }

    /// Visits each passage of a scope that has a term: its place in the scope and the posting.
    pub fn visit(&self, term: TermId, scope: &Scope, mut visit: impl FnMut(usize, Posting)) {
        let mut place_of = scope.places();
        for (block, data) in self.0.get(&term).into_iter().flatten() {
            for posting in decode(*block, data) {
                if let Some(place) = place_of(posting.passage) {
                    visit(place, posting);
                }
            }
        }
    }
}

/// The block that a passage belongs to.
pub fn block_of(passage: i64) -> i64 {
    passage >> BLOCK_BITS
}

/// The passage before a block's first, from which its first step is counted.
fn base_of(block: i64) -> i64 {
    (block << BLOCK_BITS) - 1
}

/// Writes postings of one block, passages in rising order, behind what is there.
pub struct Writer {
    data: Vec<u8>,
    last: i64,
}

impl Writer {
    /// Goes on after the postings that a block has.
    pub fn after(block: i64, data: Vec<u8>) -> Self {
        let mut last = base_of(block);
        for entry in entries(block, &data) {
            last = entry.passage;
        }
        Self { data, last }
    }

    /// Adds a passage, which must come after those that are there.
    pub fn push(&mut self, passage: i64, occurrences: Occurrences, length: u32) {
        write_number(&mut self.data, passage.abs_diff(self.last));
        self.last = passage;
        let in_text = occurrences.in_text.min(MAX_IN_TEXT);
        let in_title = occurrences.in_title.min(MAX_IN_TITLE);
        self.data.push(in_title << 5 | in_text);
        self.data.push(length_code(length));
    }

    /// The block's postings: those that were there, and those that were pushed.
    pub fn finish(self) -> Vec<u8> {
        self.data
    }
}

/// The postings of a block.
pub fn decode(block: i64, data: &[u8]) -> impl Iterator<Item = Posting> {
    entries(block, data).map(|entry| Posting {
        passage: entry.passage,
        in_title: f32::from(entry.places >> 5),
        in_text: f32::from(entry.places & MAX_IN_TEXT),
        length: (f32::from(entry.length) / LENGTH_STEPS).exp(),
    })
}

/// A block's postings without those of some passages.
pub fn without(block: i64, data: &[u8], gone: &Range<i64>) -> Vec<u8> {
    let mut rest = Vec::with_capacity(data.len());
    let mut last = base_of(block);
    for entry in entries(block, data).filter(|entry| !gone.contains(&entry.passage)) {
        write_number(&mut rest, entry.passage.abs_diff(last));
        last = entry.passage;
        rest.extend([entry.places, entry.length]);
    }
    rest
}

/// Rising numbers, each as the step from the one before.
pub fn write_numbers(numbers: &[i64]) -> Vec<u8> {
    let mut data = Vec::new();
    let mut last = 0_i64;
    for number in numbers {
        write_number(&mut data, number.abs_diff(last));
        last = *number;
    }
    data
}

/// What [`write_numbers`] wrote.
pub fn read_numbers(data: &[u8]) -> Vec<i64> {
    let mut rest = data;
    let mut last = 0_i64;
    let mut numbers = Vec::new();
    while let Some(step) = read_number(&mut rest) {
        last = last.wrapping_add_unsigned(step);
        numbers.push(last);
    }
    numbers
}

struct Entry {
    passage: i64,
    places: u8,
    length: u8,
}

fn entries(block: i64, data: &[u8]) -> impl Iterator<Item = Entry> {
    let mut rest = data;
    let mut passage = base_of(block);
    std::iter::from_fn(move || {
        let step = read_number(&mut rest)?;
        let ([places, length], after) = rest.split_first_chunk::<2>()?;
        rest = after;
        passage = passage.wrapping_add_unsigned(step);
        Some(Entry { passage, places: *places, length: *length })
    })
}

fn length_code(length: u32) -> u8 {
    let code = ((length.max(1) as f32).ln() * LENGTH_STEPS).round();
    code.clamp(0.0, 255.0) as u8
}

fn write_number(data: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        data.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    data.push(number as u8);
}

fn read_number(data: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = data.split_first()?;
        *data = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_map, btree_set, vec};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(
            passages in btree_map(2048_i64..3072, (0_u8..8, 0_u8..32, 1_u32..3000), 0..200),
            split in 2048_i64..3072,
        ) {
            let mut data = Vec::new();
            for half in [2048..split, split..3072] {
                let mut writer = Writer::after(2, data);
                for (passage, (in_title, in_text, length)) in passages.range(half) {
                    let occurrences = Occurrences { in_title: *in_title, in_text: *in_text };
                    writer.push(*passage, occurrences, *length);
                }
                data = writer.finish();
            }
            let read: Vec<Posting> = decode(2, &data).collect();
            prop_assert_eq!(read.len(), passages.len());
            for (read, (passage, (in_title, in_text, length))) in read.iter().zip(&passages) {
                prop_assert_eq!(read.passage, *passage);
                prop_assert_eq!((read.in_title, read.in_text), ((*in_title).into(), (*in_text).into()));
                prop_assert!((read.length / *length as f32 - 1.0).abs() < 0.05);
            }
            let rest = without(2, &data, &(2048..split));
            let rest: Vec<i64> = decode(2, &rest).map(|posting| posting.passage).collect();
            let expected: Vec<i64> = passages.range(split..).map(|(passage, _)| *passage).collect();
            prop_assert_eq!(rest, expected);
        }

        #[test]
        fn numbers_are_read_as_written(numbers in btree_set(0_i64..i64::MAX, 0..50)) {
            let numbers: Vec<i64> = numbers.into_iter().collect();
            prop_assert_eq!(read_numbers(&write_numbers(&numbers)), numbers);
        }

        #[test]
        fn damaged_data_is_no_panic(data in vec(any::<u8>(), 0..100)) {
            decode(7, &data).for_each(drop);
            read_numbers(&data);
        }
    }

    #[test]
    fn many_occurrences_are_cut() {
        let mut writer = Writer::after(0, Vec::new());
        writer.push(5, Occurrences { in_title: 200, in_text: 200 }, u32::MAX);
        let data = writer.finish();
        let read = decode(0, &data).next().unwrap();
        assert_eq!((read.in_title, read.in_text), (7.0, 31.0));
    }
}
