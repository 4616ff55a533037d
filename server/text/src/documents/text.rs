//! Writing text with the little Markdown that documents become.

/// Text that grows block by block.
#[derive(Default)]
pub(super) struct Blocks {
    text: String,
    /// Whether the last block was a list item; further ones follow without an empty line.
    in_list: bool,
}

impl Blocks {
    /// A heading of a level from 1 to 6.
    pub(super) fn heading(&mut self, level: u8, text: &str) {
        let text = one_line(text);
        if !text.is_empty() {
            let marks = "#".repeat(usize::from(level.clamp(1, 6)));
            self.block(&format!("{marks} {text}"));
        }
    }

    /// A paragraph; line breaks inside it stay.
    pub(super) fn paragraph(&mut self, text: &str) {
        let lines: Vec<String> = text.lines().map(one_line).collect();
        let text = lines.join("\n");
        let text = text.trim_matches('\n');
        if !text.is_empty() {
            self.block(text);
        }
    }

    /// An item of a list, `depth` lists deep (0 for the outermost). The marker is `-` or as in
    /// `3.`.
    pub(super) fn item(&mut self, depth: usize, marker: &str, text: &str) {
        let lines: Vec<String> = text.lines().map(one_line).filter(|l| !l.is_empty()).collect();
        if lines.is_empty() {
            return;
        }
        if !self.in_list {
            self.gap();
        }
        let indent = "  ".repeat(depth.min(8));
        self.text.push_str(&format!("{indent}{marker} {}\n", lines.join(" ")));
        self.in_list = true;
    }

    /// A table, its first row being the head. Cells are one line each.
    pub(super) fn table(&mut self, rows: &[Vec<String>]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| one_line(cell).replace('|', "/")).collect())
            .filter(|row: &Vec<String>| row.iter().any(|cell| !cell.is_empty()))
            .collect();
        // A table of one column or one row is there for its looks.
        if columns < 2 || rows.len() < 2 {
            for row in rows {
                self.paragraph(&row.join("\n"));
            }
            return;
        }
        let mut text = String::new();
        for (index, row) in rows.iter().enumerate() {
            let missing = std::iter::repeat_n("", columns - row.len());
            let cells: Vec<&str> = row.iter().map(String::as_str).chain(missing).collect();
            text.push_str(&format!("| {} |\n", cells.join(" | ")));
            if index == 0 {
                text.push_str(&format!("|{}\n", "---|".repeat(columns)));
            }
        }
        self.block(text.trim_end());
    }

    /// A block as it is.
    pub(super) fn block(&mut self, text: &str) {
        self.in_list = false;
        self.gap();
        self.text.push_str(text);
        self.text.push('\n');
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    fn gap(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }
}

/// Text with each stretch of white space as one space, and none around it.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_apart_and_list_items_are_not() {
        let mut blocks = Blocks::default();
        blocks.heading(2, " Delivery\n now ");
        blocks.paragraph("  by\tbike \n or ship ");
        blocks.item(0, "-", "one");
        blocks.item(1, "2.", "two\n\nlines");
        blocks.table(&[
            vec!["Tea".to_owned(), "Price".to_owned()],
            vec!["Sencha | green".to_owned()],
            vec![String::new(), " ".to_owned()],
        ]);
        blocks.table(&[vec!["alone".to_owned()]]);
        assert_eq!(
            blocks.finish(),
            "## Delivery now\n\nby bike\nor ship\n\n- one\n  2. two lines\n\n\
             | Tea | Price |\n|---|---|\n| Sencha / green |  |\n\nalone\n"
        );
    }
}
