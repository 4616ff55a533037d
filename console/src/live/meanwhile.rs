/// Keeps what is said while answers are under way, for each of them apart.
///
/// The server may have made an answer before it said this, so whatever was said since the request
/// is newer than the answer.
pub struct Meanwhile<E> {
    under_way: Vec<(u32, Vec<E>)>,
    next: u32,
}

impl<E: Clone> Meanwhile<E> {
    pub fn new() -> Self {
        Self { under_way: Vec::new(), next: 0 }
    }

    /// A request is made. The number stands for its answer.
    pub fn begin(&mut self) -> u32 {
        let number = self.next;
        self.next = number.wrapping_add(1);
        self.under_way.push((number, Vec::new()));
        number
    }

    pub fn note(&mut self, event: &E) {
        for (_, said) in &mut self.under_way {
            said.push(event.clone());
        }
    }

    /// The answer is there, or nobody waits for it any more. Gives what was said since the
    /// request, oldest first; nothing the second time.
    pub fn end(&mut self, number: u32) -> Vec<E> {
        match self.under_way.iter().position(|(other, _)| *other == number) {
            Some(place) => self.under_way.swap_remove(place).1,
            None => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn an_answer_comes_with_what_was_said_since_its_request() {
        let mut meanwhile = Meanwhile::new();
        meanwhile.note(&"before");
        let answer = meanwhile.begin();
        meanwhile.note(&"first");
        meanwhile.note(&"second");
        assert_eq!(meanwhile.end(answer), ["first", "second"]);
    }

    #[wasm_bindgen_test]
    fn requests_that_overlap_do_not_take_from_each_other() {
        let mut meanwhile = Meanwhile::new();
        let early = meanwhile.begin();
        meanwhile.note(&1);
        let late = meanwhile.begin();
        meanwhile.note(&2);
        assert_eq!(meanwhile.end(late), [2]);
        meanwhile.note(&3);
        assert_eq!(meanwhile.end(early), [1, 2, 3]);
    }

    #[wasm_bindgen_test]
    fn nothing_is_kept_for_answers_that_are_there_or_given_up() {
        let mut meanwhile = Meanwhile::new();
        let answer = meanwhile.begin();
        meanwhile.note(&1);
        meanwhile.end(answer);
        meanwhile.note(&2);
        assert!(meanwhile.end(answer).is_empty());
        assert!(meanwhile.under_way.is_empty());
    }
}
