//! Which passages a search looks through, as ranges of their ids.

use crate::language::LanguageSet;

/// Passages that were stored together; their ids follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Id of the first one.
    pub first: i64,
    /// How many there are.
    pub passages: i64,
    /// All words of the passages.
    pub words: i64,
    /// All languages that any of them is in.
    pub languages: LanguageSet,
}

/// The passages that a search looks through. Each has a place in it, from 0, in the order of ids.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    ranges: Vec<IdRange>,
    passages: usize,
    words: i64,
    languages: LanguageSet,
}

#[derive(Clone, Debug)]
struct IdRange {
    first: i64,
    /// The id after the last.
    end: i64,
    /// How many passages of the scope are in the ranges before.
    before: usize,
}

impl Scope {
    /// How many passages there are.
    pub fn len(&self) -> usize {
        self.passages
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.passages == 0
    }

    /// Words of a passage on average.
    pub fn mean_length(&self) -> f32 {
        self.words as f32 / self.passages.max(1) as f32
    }

    /// The languages of the passages.
    pub fn languages(&self) -> LanguageSet {
        self.languages
    }

    /// A passage's id by its place.
    pub fn passage(&self, place: usize) -> Option<i64> {
        let index = self.ranges.partition_point(|range| range.before <= place).checked_sub(1)?;
        let range = &self.ranges[index];
        let id = range.first + i64::try_from(place - range.before).ok()?;
        (id < range.end).then_some(id)
    }

    /// A passage's place by its id.
    pub fn place(&self, passage: i64) -> Option<usize> {
        let index = self.ranges.partition_point(|range| range.first <= passage).checked_sub(1)?;
        let range = &self.ranges[index];
        let offset = usize::try_from(passage - range.first).ok()?;
        (passage < range.end).then_some(range.before + offset)
    }

    /// Tells the places of passages, if asked in rising order of the ids.
    pub fn places(&self) -> impl FnMut(i64) -> Option<usize> {
        let mut at = 0;
        move |passage| {
            while self.ranges.get(at)?.end <= passage {
                at += 1;
            }
            let range = &self.ranges[at];
            let offset = usize::try_from(passage.checked_sub(range.first)?).ok()?;
            Some(range.before + offset)
        }
    }
}

impl FromIterator<Batch> for Scope {
    /// The batches come in rising order of their ids.
    fn from_iter<T: IntoIterator<Item = Batch>>(batches: T) -> Self {
        let mut scope = Self::default();
        for Batch { first, passages, words, languages } in batches {
            scope.words += words;
            scope.languages.extend(languages);
            match scope.ranges.last_mut() {
                Some(last) if last.end == first => last.end += passages,
                _ => {
                    let before = scope.passages;
                    scope.ranges.push(IdRange { first, end: first + passages, before });
                }
            }
            scope.passages += usize::try_from(passages).unwrap_or_default();
        }
        scope
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_ids_are_each_other_s() {
        let batch = |first, passages| Batch {
            first,
            passages,
            words: 10 * passages,
            languages: LanguageSet::default(),
        };
        let scope: Scope = [batch(3, 2), batch(5, 1), batch(10, 2)].into_iter().collect();
        assert_eq!((scope.len(), scope.mean_length()), (5, 10.0));
        let ids: Vec<i64> = (0..5).filter_map(|place| scope.passage(place)).collect();
        assert_eq!(ids, [3, 4, 5, 10, 11]);
        assert_eq!(scope.passage(5), None);
        let places: Vec<_> = (0..13).map(|id| scope.place(id)).collect();
        assert_eq!(places.iter().flatten().count(), 5);
        let mut rising = scope.places();
        assert_eq!((0..13).map(&mut rising).collect::<Vec<_>>(), places);
    }
}
