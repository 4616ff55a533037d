use super::spans::{Span, UNKNOWN};

/// A gap as wide as this times the size parts the cells of a row.
const CELL: f64 = 0.9;
/// Fewest rows on each side of the gap between two columns of running text.
const COLUMN_ROWS: usize = 4;
/// Fewest characters in a row of running text, on average. Cells of tables are shorter.
const COLUMN_CHARS: usize = 22;
/// How often columns are looked for inside columns.
const DEPTH: u32 = 3;

/// What stands on one line, from left to right.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub cells: Vec<Cell>,
    pub y: f64,
    pub size: f64,
    pub is_bold: bool,
    /// Whether it begins another column or another turn of the page.
    pub is_apart: bool,
    /// Right edge of the column that it stands in.
    pub right: f64,
}

/// A part of a row between wide gaps.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub text: String,
    pub x0: f64,
    pub x1: f64,
}

impl Row {
    pub(super) fn text(&self) -> String {
        let cells: Vec<&str> = self.cells.iter().map(|cell| cell.text.as_str()).collect();
        cells.join(" ")
    }

    pub(super) fn x0(&self) -> f64 {
        self.cells.first().map_or(0.0, |cell| cell.x0)
    }

    pub(super) fn x1(&self) -> f64 {
        self.cells.last().map_or(0.0, |cell| cell.x1)
    }
}

/// The rows of a page in the order in which they are read.
pub(super) fn of_page(mut spans: Vec<Span>) -> Vec<Row> {
    if spans.iter().any(|span| !span.is_aside) {
        spans.retain(|span| !span.is_aside);
    }
    let mut rows = Vec::new();
    // The text as it lies first, then what is turned.
    for turns in 0..4 {
        let of_turn: Vec<Span> = spans.iter().filter(|s| s.turns == turns).cloned().collect();
        rows.extend(in_order(of_turn, DEPTH));
    }
    rows
}

/// Splits what stands in columns, and reads one column after the other.
fn in_order(spans: Vec<Span>, depth: u32) -> Vec<Row> {
    let lines = lines(spans);
    let columns = if depth == 0 { None } else { find_columns(&lines) };
    let Some(columns) = columns else {
        let mut rows: Vec<Row> =
            lines.into_iter().map(row).filter(|row| !row.cells.is_empty()).collect();
        let right = rows.iter().map(Row::x1).fold(f64::MIN, f64::max);
        for (index, row) in rows.iter_mut().enumerate() {
            (row.is_apart, row.right) = (index == 0, right);
        }
        return rows;
    };
    let mut before = lines;
    let mut inside = before.split_off(columns.from);
    let after = inside.split_off(columns.to - columns.from);
    let middle = |span: &Span| f64::midpoint(span.x0, span.x1);
    let (left, right): (Vec<Span>, Vec<Span>) =
        inside.into_iter().flatten().partition(|span| middle(span) < columns.gap);
    let parts = [before.into_iter().flatten().collect(), left, right];
    let mut rows: Vec<Row> = parts.into_iter().flat_map(|part| in_order(part, depth - 1)).collect();
    rows.extend(in_order(after.into_iter().flatten().collect(), depth));
    rows
}

/// Spans of the same height, from the top down; in each from left to right.
fn lines(mut spans: Vec<Span>) -> Vec<Vec<Span>> {
    spans.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut lines: Vec<Vec<Span>> = Vec::new();
    for span in spans {
        let belongs = lines.last().and_then(|line| line.first()).is_some_and(|first| {
            // Raised and lowered signs are small and near.
            (first.y - span.y).abs() < 0.45 * first.size.max(span.size)
        });
        match lines.last_mut() {
            Some(line) if belongs => line.push(span),
            _ => lines.push(vec![span]),
        }
    }
    for line in &mut lines {
        line.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    }
    lines
}

/// Lines `from..to` stand in two columns with `gap` between them.
struct Columns {
    from: usize,
    to: usize,
    gap: f64,
}

fn find_columns(lines: &[Vec<Span>]) -> Option<Columns> {
    let mut gaps: Vec<f64> = lines
        .iter()
        .flat_map(|line| line.windows(2))
        .filter(|pair| pair[1].x0 - pair[0].x1 > 0.8 * pair[0].size)
        .map(|pair| f64::midpoint(pair[0].x1, pair[1].x0))
        .collect();
    gaps.sort_by(f64::total_cmp);
    gaps.dedup_by(|a, b| (*a - *b).abs() < 4.0);
    // Pages without order have very many; none of them is between columns then.
    if gaps.len() > 200 {
        return None;
    }
    let found = gaps.into_iter().filter_map(|gap| longest_run(lines, gap));
    found.max_by_key(|columns| columns.to - columns.from)
}

/// The longest stretch of lines that no text crosses at `gap`, if it is text in columns.
fn longest_run(lines: &[Vec<Span>], gap: f64) -> Option<Columns> {
    let crosses = |line: &Vec<Span>| line.iter().any(|span| span.x0 < gap && span.x1 > gap);
    let mut best: Option<Columns> = None;
    let mut from = 0;
    for to in 0..=lines.len() {
        if to < lines.len() && !crosses(&lines[to]) {
            continue;
        }
        let longer = best.as_ref().is_none_or(|best| to - from > best.to - best.from);
        if longer && is_running_text(&lines[from..to], gap) {
            best = Some(Columns { from, to, gap });
        }
        from = to + 1;
    }
    best
}

fn is_running_text(lines: &[Vec<Span>], gap: f64) -> bool {
    let side = |keep: &dyn Fn(&Span) -> bool| {
        let chars: Vec<usize> = lines
            .iter()
            .map(|line| line.iter().filter(|s| keep(s)).map(|s| s.text.chars().count()).sum())
            .filter(|chars| *chars > 0)
            .collect();
        chars.len() >= COLUMN_ROWS && chars.iter().sum::<usize>() / chars.len() >= COLUMN_CHARS
    };
    lines.len() >= COLUMN_ROWS && side(&|span| span.x1 <= gap) && side(&|span| span.x0 >= gap)
}

fn row(line: Vec<Span>) -> Row {
    // The height of most of the text, so that one large initial changes nothing.
    let main = line.iter().max_by_key(|span| span.text.len());
    let (y, size) = main.map_or((0.0, 0.0), |span| (span.y, span.size));
    let is_bold = line.iter().all(|span| span.is_bold);
    let mut cells: Vec<Cell> = Vec::new();
    for span in line {
        let Span { text, x0, x1, size, .. } = span;
        match cells.last_mut() {
            // Printed twice to look bold.
            Some(cell) if cell.text == text && (cell.x0 - x0).abs() < 0.2 * size => {}
            Some(cell) if x0 - cell.x1 < CELL * size => {
                if x0 - cell.x1 > 0.1 * size {
                    cell.text.push(' ');
                }
                cell.text.push_str(&text);
                cell.x1 = cell.x1.max(x1);
            }
            _ => cells.push(Cell { text, x0, x1 }),
        }
    }
    // A sign that stands for no letter is a bullet where text follows, and an ornament elsewhere.
    let is_ornament = |cell: &Cell| cell.text == UNKNOWN;
    if cells.len() > 1 {
        let mut index = 0;
        cells.retain(|cell| {
            index += 1;
            index == 1 || !is_ornament(cell)
        });
    }
    if cells.len() == 1 {
        cells.retain(|cell| !is_ornament(cell));
    }
    Row { cells, y, size, is_bold, is_apart: false, right: 0.0 }
}
