//! Vectors of texts that mean something, without a model: a text lies in the direction of the
//! concepts that its words stand for.

use std::time::Duration;

use serde_json::{Value, json};

use super::Request;

/// What vectors are made like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meanings {
    /// English words of one concept point the same way, whatever they look like; other words tell
    /// a little.
    Concepts,
    /// The same, each time after a pause.
    Slow(Duration),
    /// A text's direction is as good as thrown with dice.
    Nonsense,
    /// One vector too few.
    TooFew,
    /// The last vector is shorter than the others.
    Uneven,
    /// Longer vectors than anybody can use.
    TooLong,
    /// Every request is refused with this status.
    Failing(u16),
    /// Not even a status.
    Silent,
}

impl Meanings {
    /// What a model's name says of its vectors: `nonsense`, `silent`, `slow-200` with
    /// milliseconds, `status-503`. `None` for every other name.
    pub(super) fn of_model(name: &str) -> Option<Self> {
        match name.split_once('-') {
            None if name == "nonsense" => Some(Self::Nonsense),
            None if name == "silent" => Some(Self::Silent),
            Some(("slow", millis)) => {
                millis.parse().ok().map(Duration::from_millis).map(Self::Slow)
            }
            Some(("status", status)) => status.parse().ok().map(Self::Failing),
            _ => None,
        }
    }
}

/// Words that stand for the same, one concept a line. A model has learnt them from books; here
/// they cover what the server tries a model with in English, and what tests ask.
const CONCEPTS: [&str; 13] = [
    "car park parking drive vehicle garage",
    "open hours customers staff nine close",
    "send back goods return thirty refund",
    "parcel shipping long working arrive deliver delivery courier bring brings",
    "log in password forgotten sign",
    "credit card cards payment pay visa paypal",
    "hiring colleagues cv job jobs",
    "dog animals pets pet cat",
    "cheaper students pupils apprentices discount price half",
    "device broken guarantee repairs repair warranty",
    "meat vegetarian menu dishes",
    "child children kids baby toddlers infants",
    "wet rain umbrella waterproof",
];
/// Directions for words that stand for none of the concepts.
const OTHERS: usize = 51;

/// The vectors of a request's texts by their concepts.
pub(super) fn concepts(request: &Request) -> Vec<Vec<f32>> {
    inputs(request).map(|text| concept_vector(&text)).collect()
}

/// The same for a model that knows nothing.
pub(super) fn nonsense(request: &Request) -> Vec<Vec<f32>> {
    inputs(request)
        .map(|text| {
            let mut seed = hash(&text);
            let mut next = || {
                // Xorshift, from a seed that is never zero.
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                (seed % 2_001) as f32 / 1_000.0 - 1.0
            };
            (0..CONCEPTS.len() + OTHERS).map(|_| next()).collect()
        })
        .collect()
}

/// Vectors that do not belong to the texts in one way or another.
pub(super) fn misshapen(request: &Request, meanings: Meanings) -> Vec<Vec<f32>> {
    let mut vectors = concepts(request);
    let Some(last) = vectors.pop() else { return vectors };
    match meanings {
        Meanings::Uneven => vectors.push(last[1..].to_vec()),
        Meanings::TooLong => {
            vectors.push(last);
            vectors.iter_mut().for_each(|vector| vector.resize(5_000, 0.0));
        }
        _ => {}
    }
    vectors
}

/// The answer in OpenAI's form.
pub(super) fn answer(request: &Request, vectors: &[Vec<f32>]) -> Value {
    let data = vectors
        .iter()
        .enumerate()
        .map(|(index, vector)| json!({"object": "embedding", "index": index, "embedding": vector}));
    json!({
        "object": "list",
        "model": request.body["model"],
        "data": data.collect::<Vec<_>>(),
        "usage": {"prompt_tokens": 1, "total_tokens": 1},
    })
}

fn inputs(request: &Request) -> impl Iterator<Item = String> {
    let inputs = request.body["input"].as_array().cloned().unwrap_or_default();
    inputs.into_iter().map(|text| text.as_str().unwrap_or_default().to_lowercase())
}

fn concept_vector(text: &str) -> Vec<f32> {
    let mut vector = vec![0.0; CONCEPTS.len() + OTHERS];
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let is_named = |concept: &&str| concept.split(' ').any(|known| known == word);
        match CONCEPTS.iter().position(is_named) {
            Some(concept) => vector[concept] += 1.0,
            None => vector[CONCEPTS.len() + (hash(word) % OTHERS as u64) as usize] += 0.1,
        }
    }
    // A text without words points somewhere, too.
    vector[CONCEPTS.len()] += 0.01;
    vector
}

/// FNV-1a, never zero.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    }) | 1
}
