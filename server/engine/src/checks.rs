//! Checks of what people typed. They collect every problem, so that all can be mended at once.

use cavuer_protocol::notice::{self, Notice, NoticeValue};
use cavuer_protocol::{FieldProblem, Secret, limits};

/// Longest e-mail address, in bytes (RFC 5321, 4.5.3.1.3, without the brackets).
const EMAIL_BYTES: usize = 254;

/// The problems found so far.
///
/// Each check returns the value as it is to be stored; that is only to be used once
/// [`Checks::finish`] has found nothing.
#[derive(Debug, Default)]
pub struct Checks(Vec<FieldProblem>);

impl Checks {
    /// Notes a problem: what is wrong with the field and what would be right.
    pub fn problem(&mut self, field: impl Into<String>, notice: Notice) {
        self.0.push(FieldProblem::new(field, notice));
    }

    /// One line of text that must not be empty, such as a name or a title.
    pub fn line(&mut self, field: &str, typed: &str, max_chars: usize) -> String {
        let line = typed.trim();
        if line.is_empty() {
            self.problem(field, notice::empty());
        } else if line.chars().any(char::is_control) {
            self.problem(field, notice::not_one_line());
        }
        self.length(field, line, max_chars);
        line.to_owned()
    }

    /// Text of any number of lines, [`tidy`]; it may be empty.
    pub fn text(&mut self, field: &str, typed: &str, max_chars: usize) -> String {
        let text = tidy(typed);
        self.length(field, &text, max_chars);
        text
    }

    /// An e-mail address, in lower case. Only mail that arrives could prove more than this.
    pub fn email(&mut self, field: &str, typed: &str) -> String {
        let email = typed.trim().to_lowercase();
        let has_two_parts = email
            .split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && is_mail_domain(domain));
        if !has_two_parts || email.contains(|c: char| c.is_whitespace() || c.is_control()) {
            self.problem(field, notice::no_email_address());
        } else if email.len() > EMAIL_BYTES {
            self.problem(field, notice::email_too_long(EMAIL_BYTES));
        }
        email
    }

    /// A new password.
    pub fn password(&mut self, field: &str, typed: &Secret) {
        let (least, most) = (limits::PASSWORD_MIN_CHARS, limits::PASSWORD_MAX_CHARS);
        let chars = typed.expose().chars().count();
        if !(least..=most).contains(&chars) {
            self.problem(field, notice::password_length(least, most, chars));
        }
    }

    /// A number within bounds.
    pub fn range<T>(&mut self, field: &str, number: T, least: T, most: T)
    where
        T: PartialOrd + Into<NoticeValue>,
    {
        if !(least <= number && number <= most) {
            self.problem(field, notice::number_out_of_range(least, most, number));
        }
    }

    /// A colour as `#rrggbb`, in lower case.
    pub fn color(&mut self, field: &str, typed: &str) -> String {
        let color = typed.trim().to_ascii_lowercase();
        let is_color = color.strip_prefix('#').is_some_and(|digits| {
            digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        });
        if !is_color {
            self.problem(field, notice::no_color());
        }
        color
    }

    /// # Errors
    /// Every problem that was found, in the order of the checks.
    pub fn finish(self) -> Result<(), Vec<FieldProblem>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }

    fn length(&mut self, field: &str, text: &str, max_chars: usize) {
        let chars = text.chars().count();
        if chars > max_chars {
            self.problem(field, notice::too_many_chars(max_chars, chars));
        }
    }
}

/// Text with unified line ends and nothing around it, without the control characters that come
/// along with copying.
pub(crate) fn tidy(typed: &str) -> String {
    let unified = typed.replace("\r\n", "\n").replace(['\r', '\u{b}', '\u{c}'], "\n");
    let visible = unified.replace(|c: char| c.is_control() && !matches!(c, '\n' | '\t'), "");
    visible.trim().to_owned()
}

fn is_mail_domain(domain: &str) -> bool {
    !domain.is_empty()
        && !domain.contains('@')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(check: impl FnOnce(&mut Checks)) -> usize {
        let mut checks = Checks::default();
        check(&mut checks);
        checks.finish().err().map_or(0, |problems| problems.len())
    }

    #[test]
    fn every_problem_is_collected() {
        let found = problems(|checks| {
            checks.line("name", "  ", 10);
            checks.email("email", "nobody");
            checks.password("password", &"short".into());
        });
        assert_eq!(found, 3);
    }

    #[test]
    fn lines_are_trimmed_and_counted_in_characters() {
        let mut checks = Checks::default();
        assert_eq!(checks.line("name", " Жанна ", 5), "Жанна");
        checks.finish().unwrap();
        assert_eq!(problems(|checks| drop(checks.line("name", "a\nb", 5))), 1);
        assert_eq!(problems(|checks| drop(checks.line("name", "abcdef", 5))), 1);
    }

    #[test]
    fn text_keeps_its_lines_and_loses_what_nobody_sees() {
        let mut checks = Checks::default();
        assert_eq!(checks.text("greeting", "a\r\nb\u{b}c\0\td\n", 10), "a\nb\nc\td");
        assert_eq!(checks.text("greeting", " ", 10), "");
        checks.finish().unwrap();
    }

    #[test]
    fn addresses_without_two_parts_are_none() {
        let mut checks = Checks::default();
        assert_eq!(checks.email("email", " Anna@Example.com "), "anna@example.com");
        assert_eq!(checks.email("email", "admin@localhost"), "admin@localhost");
        checks.finish().unwrap();
        for wrong in ["", "a", "@b", "a@", "a@b@c", "a b@c.d", "a@.b", "a@b.", "a\0@b"] {
            assert_eq!(problems(|checks| drop(checks.email("email", wrong))), 1, "{wrong:?}");
        }
    }

    #[test]
    fn numbers_and_colours_have_bounds() {
        assert_eq!(problems(|checks| checks.range("temperature", 1.0, 0.0, 1.0)), 0);
        assert_eq!(problems(|checks| checks.range("temperature", 1.1, 0.0, 1.0)), 1);
        assert_eq!(problems(|checks| checks.range("temperature", f64::NAN, 0.0, 1.0)), 1);
        assert_eq!(problems(|checks| drop(checks.color("color", "#4F46E5"))), 0);
        for wrong in ["", "red", "#fff", "#4f46e5ff", "#gggggg", "4f46e5", "#é1234"] {
            assert_eq!(problems(|checks| drop(checks.color("color", wrong))), 1, "{wrong}");
        }
    }
}
