//! How near passages are to a question in meaning, on the scale of the model that tells.

use std::collections::HashMap;

/// What a question means, to the model that made the passages' vectors.
#[derive(Clone, Debug, PartialEq)]
pub struct Meaning {
    /// Names the model's vectors, for whoever keeps them.
    pub model: i64,
    /// Of length one.
    pub vector: Vec<f32>,
    /// How near wrong answers and right ones are to their questions, as the model's exam in the
    /// question's language showed.
    pub wrong: f32,
    /// The same for right answers; always more than `wrong`, or the model would not be used.
    pub right: f32,
}

impl Meaning {
    /// How near that is: 0 for as near as wrong answers are, 1 for as near as right ones.
    pub fn nearness(&self, similarity: f32) -> f32 {
        (similarity - self.wrong) / (self.right - self.wrong).max(f32::EPSILON)
    }
}

/// A passage and how near it is to the question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// Place of the passage in the scope.
    pub place: usize,
    /// −1 to 1; what is near is a matter of the model.
    pub similarity: f32,
}

/// What was found by meaning.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Nearest {
    /// How many of the scope's passages have a vector.
    pub compared: usize,
    /// The nearest ones, nearest first.
    pub passages: Vec<Near>,
    /// The similarities of the passages that were asked for by their places; those without a
    /// vector are missing.
    pub asked: HashMap<usize, f32>,
}
