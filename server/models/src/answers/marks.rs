//! Marks by which a model says which passage a statement is from.

/// Longest mark, in characters: brackets, numbers, commas and spaces.
const MARK_CHARS: usize = 16;

/// Takes marks such as `[2]` out of a growing answer, with the space before them, and notes the
/// passages that they name.
///
/// A mark is a number in brackets, or several with commas, each of which is the number of a
/// passage. In code, as the label of a link, and where a list of numbers is written, as in
/// `x = [1]`, brackets are text.
pub(crate) struct Marks {
    passages: usize,
    /// Passages, from 0, each once, in the order in which they were named.
    named: Vec<usize>,
    /// How many of them were told.
    told: usize,
    /// White space in front of what comes next.
    spaces: String,
    /// What may become a mark.
    begun: String,
    /// A mark has just been taken out.
    after_mark: bool,
    /// The last character but spaces that was given out.
    last: Option<char>,
    at_line_start: bool,
    code: Code,
}

impl Marks {
    /// For an answer from so many passages.
    pub(crate) fn new(passages: usize) -> Self {
        Self {
            passages,
            named: Vec::new(),
            told: 0,
            spaces: String::new(),
            begun: String::new(),
            after_mark: false,
            last: None,
            at_line_start: true,
            code: Code::default(),
        }
    }

    /// Takes the next part of the answer, and gives what is certain to be text.
    pub(crate) fn push(&mut self, part: &str) -> String {
        let mut text = String::with_capacity(part.len());
        if self.passages == 0 {
            text.push_str(part);
            return text;
        }
        for c in part.chars() {
            self.take(c, &mut text);
        }
        text
    }

    /// What was held back when the answer is over.
    pub(crate) fn finish(&mut self) -> String {
        let mut text = String::new();
        if self.begun.ends_with(']') {
            self.note();
        } else {
            self.release(&mut text);
        }
        if self.after_mark {
            self.spaces.clear();
        }
        text.push_str(&std::mem::take(&mut self.spaces));
        text
    }

    /// The passages that were named for the first time since this was asked last.
    pub(crate) fn news(&mut self) -> Vec<usize> {
        let news = self.named[self.told..].to_vec();
        self.told = self.named.len();
        news
    }

    /// Whether any passage was named.
    pub(crate) fn has_named(&self) -> bool {
        !self.named.is_empty()
    }

    fn take(&mut self, c: char, text: &mut String) {
        if self.begun.ends_with(']') {
            // The label of a link is no mark.
            if c == '(' { self.release(text) } else { self.note() }
        } else if !self.begun.is_empty() {
            self.begun.push(c);
            let numbers = |c: char| c.is_ascii_digit() || matches!(c, ',' | ' ');
            let goes_on = match c {
                ']' => self.is_mark(),
                c => numbers(c) && self.begun.chars().count() < MARK_CHARS,
            };
            if goes_on {
                return;
            }
            self.begun.pop();
            self.release(text);
        }
        self.code.before(c);
        if c == '[' && !self.code.is_open() && self.last != Some('\\') {
            self.begun.push(c);
        } else if matches!(c, ' ' | '\t' | '\u{a0}' | '\u{202f}') && !self.code.is_open() {
            // What stood behind a mark at the start of a line would indent it.
            if !(self.after_mark && self.at_line_start) {
                self.settle_mark(c);
                self.spaces.push(c);
            }
        } else {
            self.settle_mark(c);
            text.push_str(&std::mem::take(&mut self.spaces));
            self.give(c, text);
        }
    }

    /// Decides about the space before a mark, by what stands behind it.
    fn settle_mark(&mut self, next: char) {
        if std::mem::take(&mut self.after_mark) && !next.is_alphanumeric() {
            self.spaces.clear();
        }
    }

    /// Whether what has begun, which is closed, names passages.
    fn is_mark(&self) -> bool {
        let is_list = self.begun.contains(',');
        let in_list = match self.last {
            Some('=' | '(' | '[') => true,
            Some(':' | ',') => is_list,
            _ => false,
        };
        !in_list && self.numbers().is_some()
    }

    fn numbers(&self) -> Option<Vec<usize>> {
        let inside = self.begun.strip_prefix('[')?.strip_suffix(']')?;
        let number = |typed: &str| {
            let typed = typed.trim();
            let is_plain = !typed.is_empty() && typed.bytes().all(|b| b.is_ascii_digit());
            let number = typed.parse::<usize>().ok().filter(|_| is_plain)?;
            (1..=self.passages).contains(&number).then(|| number - 1)
        };
        inside.split(',').map(number).collect()
    }

    fn note(&mut self) {
        for number in self.numbers().unwrap_or_default() {
            if !self.named.contains(&number) {
                self.named.push(number);
            }
        }
        self.begun.clear();
        self.after_mark = true;
    }

    /// Gives out what has begun and is no mark.
    fn release(&mut self, text: &mut String) {
        if self.begun.is_empty() {
            return;
        }
        self.after_mark = false;
        text.push_str(&std::mem::take(&mut self.spaces));
        for c in std::mem::take(&mut self.begun).chars() {
            self.code.before(c);
            self.give(c, text);
        }
    }

    fn give(&mut self, c: char, text: &mut String) {
        text.push(c);
        self.code.after(c);
        self.at_line_start = c == '\n';
        if !c.is_whitespace() {
            self.last = Some(c);
        }
    }
}

/// Whether a growing text is inside code.
#[derive(Default)]
struct Code {
    /// The fence or the inline mark that is open.
    open: Option<Ticks>,
    /// Those that the text ends with.
    run: Option<Ticks>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Ticks {
    mark: char,
    count: usize,
}

impl Ticks {
    fn is_fence(self) -> bool {
        self.count >= 3
    }
}

impl Code {
    fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Ends a run of ticks that this character does not belong to.
    fn before(&mut self, c: char) {
        let Some(run) = self.run.filter(|run| run.mark != c) else { return };
        self.run = None;
        self.open = match self.open {
            None => (run.mark == '`' || run.is_fence()).then_some(run),
            Some(open) if open.mark != run.mark => Some(open),
            Some(open)
                if run.count == open.count || (open.is_fence() && run.count > open.count) =>
            {
                None
            }
            open => open,
        };
    }

    fn after(&mut self, c: char) {
        match c {
            '`' | '~' => {
                let count = self.run.map_or(0, |run| run.count) + 1;
                self.run = Some(Ticks { mark: c, count });
            }
            // An inline mark that is not closed on its line is none.
            '\n' if self.open.is_some_and(|open| !open.is_fence()) => self.open = None,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The text without marks and the passages, from 1, for an answer that comes in parts of so
    /// many characters.
    fn read(answer: &str, passages: usize, part: usize) -> (String, Vec<usize>) {
        let mut marks = Marks::new(passages);
        let (mut text, mut named) = (String::new(), Vec::new());
        for part in answer.chars().collect::<Vec<_>>().chunks(part) {
            text.push_str(&marks.push(&part.iter().collect::<String>()));
            named.extend(marks.news());
        }
        text.push_str(&marks.finish());
        named.extend(marks.news());
        named.iter_mut().for_each(|passage| *passage += 1);
        assert_eq!(marks.has_named(), !named.is_empty());
        (text, named)
    }

    fn assert_read(answer: &str, text: &str, named: &[usize]) {
        for part in [1, 2, 3, 1_000] {
            assert_eq!(read(answer, 3, part), (text.to_owned(), named.to_vec()), "{part}");
        }
    }

    #[test]
    fn marks_go_with_the_space_before_them() {
        assert_read("It costs 4 € [1]. And [2] more [3]", "It costs 4 €. And more", &[1, 2, 3]);
        assert_read("By bicycle.[2] [1][3]\n\nBye", "By bicycle.\n\nBye", &[2, 1, 3]);
        assert_read("**4 €** [1, 3] or [2,1]!", "**4 €** or!", &[1, 3, 2]);
        assert_read("**4 € [1]**, a[2]b", "**4 €**, ab", &[1, 2]);
        assert_read("[2] First\n[1] Second\n- [3] Third", "First\nSecond\n- Third", &[2, 1, 3]);
        assert_read("九点开门[1]。", "九点开门。", &[1]);
    }

    #[test]
    fn what_names_no_passage_is_text() {
        for answer in [
            "See [4], [0], [01x], [99999999999999999999] and [1, 9]. ",
            "[ ] buy, [x] done, [a1], [], [[2]], [1",
            "The values are x = [1] and f([2]) and: [1, 2], [1, 2, 3]",
            "[1](https://example.com) and [2](tel:1)",
            "As \\[1] says",
        ] {
            assert_read(answer, answer, &[]);
        }
        assert_eq!(read("It costs 4 € [1].", 0, 2), ("It costs 4 € [1].".to_owned(), vec![]));
    }

    #[test]
    fn code_is_left_alone() {
        let fenced = "So:\n\n```js\nlet a = b[1] + [2];\n\nf([1], `x[3]`)\n```\n";
        assert_read(&format!("{fenced}That is it [2]."), &format!("{fenced}That is it."), &[2]);
        assert_read("Take `a [1]` or ``b ` [2]`` [3].", "Take `a [1]` or ``b ` [2]``.", &[3]);
        assert_read("~~~\na [1]\n~~~\nb [1]", "~~~\na [1]\n~~~\nb", &[1]);
        assert_read("An open ` tick\nends here [1].", "An open ` tick\nends here.", &[1]);
        assert_read("- a\n  ```\n  x [1]\n  ```\n- b [2]", "- a\n  ```\n  x [1]\n  ```\n- b", &[2]);
    }

    proptest! {
        #[test]
        fn parts_make_no_difference(answer in "[\\[\\]123 ,`a\\n(]{0,40}", part in 1_usize..5) {
            prop_assert_eq!(read(&answer, 2, part), read(&answer, 2, 1_000));
        }

        #[test]
        fn without_brackets_nothing_changes(answer in "[^\\[]{0,60}", part in 1_usize..5) {
            prop_assert_eq!(read(&answer, 2, part), (answer, vec![]));
        }
    }
}
