//! Typing errors.

/// How many errors make one word of the other: letters too many, too few, wrong, or two in the
/// wrong order. `None` if there are more than `most`.
pub fn edits(a: &[char], b: &[char], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[start..], &b[start..]);
    let width = b.len() + 1;
    let mut before_last = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    let mut row = vec![0; width];
    for i in 0..a.len() {
        row[0] = i + 1;
        for j in 0..b.len() {
            let replaced = last[j] + usize::from(a[i] != b[j]);
            let mut least = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                least = least.min(before_last[j - 1] + 1);
            }
            row[j + 1] = least;
        }
        if row.iter().min().is_none_or(|least| *least > most) {
            return None;
        }
        std::mem::swap(&mut before_last, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    Some(last[width - 1]).filter(|errors| *errors <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(a: &str, b: &str, most: usize) -> Option<usize> {
        edits(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>(), most)
    }

    #[test]
    fn errors_are_counted() {
        assert_eq!(errors("delivery", "delivery", 2), Some(0));
        assert_eq!(errors("delivery", "delviery", 2), Some(1));
        assert_eq!(errors("delivery", "dellivery", 2), Some(1));
        assert_eq!(errors("delivery", "delivry", 2), Some(1));
        assert_eq!(errors("доставка", "дотсавак", 2), Some(2));
        assert_eq!(errors("delivery", "return", 2), None);
        assert_eq!(errors("ab", "ba", 0), None);
        assert_eq!(errors("", "ab", 2), Some(2));
    }
}
