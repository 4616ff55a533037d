//! Statements about many values. A text never depends on how many there are, so that it is
//! prepared once: a list has a fixed number of places, of which the last ones may be left empty,
//! and insertions have a few sizes.

use crate::StoreError;
use crate::sql::{Param, Row, Sql, ToParam};

/// Places of a list.
const PLACES: usize = 64;
/// Rows of one insertion, the most first.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// The places of a list as placeholders, the first of which has this number: `?2, ?3, …`.
pub(crate) fn places(first: usize) -> String {
    numbered(first, PLACES)
}

/// All rows of a statement for a list of values, however many. The list's places are the text's
/// last ones; `before` are the values of those before.
pub(crate) fn rows<T>(
    sql: &dyn Sql,
    text: &str,
    before: &[Param<'_>],
    values: &[impl ToParam],
    mut read: impl FnMut(&mut Row) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut all = Vec::new();
    for some in values.chunks(PLACES) {
        all.append(&mut sql.rows(text, &filled(before, some), &mut read)?);
    }
    Ok(all)
}

/// Runs a statement for a list of values; see [`rows`].
pub(crate) fn run(
    sql: &dyn Sql,
    text: &str,
    before: &[Param<'_>],
    values: &[impl ToParam],
) -> Result<(), StoreError> {
    for some in values.chunks(PLACES) {
        sql.execute(text, &filled(before, some))?;
    }
    Ok(())
}

/// An empty place is NULL, which equals nothing.
fn filled<'a>(before: &[Param<'a>], values: &'a [impl ToParam]) -> Vec<Param<'a>> {
    let mut params = Vec::with_capacity(before.len() + PLACES);
    params.extend_from_slice(before);
    params.extend(values.iter().map(ToParam::to_param));
    params.resize(before.len() + PLACES, Param::Null);
    params
}

/// Inserts rows of so many columns, many at a time.
pub(crate) struct Insertion<const COLUMNS: usize>([String; SIZES.len()]);

impl<const COLUMNS: usize> Insertion<COLUMNS> {
    /// `into` is the table with its columns, `then` what stands behind the values.
    pub(crate) fn new(into: &str, then: &str) -> Self {
        Self(SIZES.map(|size| {
            let row = |row| format!("({})", numbered(row * COLUMNS + 1, COLUMNS));
            let rows = (0..size).map(row).collect::<Vec<_>>().join(", ");
            format!("INSERT INTO {into} VALUES {rows} {then}")
        }))
    }

    /// Inserts rows.
    pub(crate) fn run(
        &self,
        sql: &dyn Sql,
        rows: &[[Param<'_>; COLUMNS]],
    ) -> Result<(), StoreError> {
        self.parts(rows).try_for_each(|(text, params)| sql.execute(text, params).map(drop))
    }

    /// Inserts rows and reads what is returned for each, in any order.
    pub(crate) fn returning<T>(
        &self,
        sql: &dyn Sql,
        rows: &[[Param<'_>; COLUMNS]],
        mut read: impl FnMut(&mut Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut all = Vec::with_capacity(rows.len());
        for (text, params) in self.parts(rows) {
            all.append(&mut sql.rows(text, params, &mut read)?);
        }
        Ok(all)
    }

    fn parts<'a, 'p>(
        &'a self,
        mut rows: &'a [[Param<'p>; COLUMNS]],
    ) -> impl Iterator<Item = (&'a str, &'a [Param<'p>])> {
        std::iter::from_fn(move || {
            let fits = SIZES.iter().zip(&self.0).find(|(size, _)| **size <= rows.len());
            let (size, text) = fits?;
            let (some, rest) = rows.split_at(*size);
            rows = rest;
            Some((text.as_str(), some.as_flattened()))
        })
    }
}

fn numbered(first: usize, count: usize) -> String {
    let names: Vec<String> = (first..first + count).map(|number| format!("?{number}")).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::params;

    #[test]
    fn a_list_s_empty_places_are_null() {
        let params = filled(params!["space"], &[7_i64, 8]);
        assert_eq!(params.len(), 1 + PLACES);
        assert_eq!(params[..3], [Param::Text("space"), Param::Integer(7), Param::Integer(8)]);
        assert!(params[3..].iter().all(|param| *param == Param::Null));
        assert!(places(2).starts_with("?2, ?3, ") && places(2).ends_with(", ?65"));
    }

    #[test]
    fn rows_are_inserted_in_as_few_statements_as_there_are_sizes_for() {
        let insertion = Insertion::<2>::new("term (space, text)", "RETURNING id");
        let rows: Vec<_> = (0..86_i64).map(|id| [id, -id].map(Param::Integer)).collect();
        let parts: Vec<_> = insertion.parts(&rows).collect();
        let sizes: Vec<_> = parts.iter().map(|(_, params)| params.len() / 2).collect();
        assert_eq!(sizes, [64, 16, 4, 1, 1]);
        let (text, params) = parts[2];
        let expected = "INSERT INTO term (space, text) \
                        VALUES (?1, ?2), (?3, ?4), (?5, ?6), (?7, ?8) RETURNING id";
        assert_eq!((text, &params[0]), (expected, &Param::Integer(80)));
        assert_eq!(insertion.parts(&[]).count(), 0);
    }
}
