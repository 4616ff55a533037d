//! How a vector is stored: the size of one step as four bytes, then a byte for each number, which
//! says how many steps it is. Cosines of such vectors differ from the true ones by less than 0.01.

/// The vector in bytes. Its numbers are finite.
pub fn encode(vector: &[f32]) -> Vec<u8> {
    let largest = vector.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
    let step = largest / f32::from(i8::MAX);
    let mut data = Vec::with_capacity(4 + vector.len());
    data.extend(step.to_le_bytes());
    let steps = |x: &f32| if step > 0.0 { (x / step).round() as i8 } else { 0 };
    data.extend(vector.iter().map(|x| steps(x).cast_unsigned()));
    data
}

/// The numbers of a stored vector.
pub fn decode(data: &[u8]) -> impl Iterator<Item = f32> {
    let (step, steps) = parts(data);
    steps.iter().map(move |x| f32::from(x.cast_signed()) * step)
}

/// The cosine of the angle to a vector of length one, if the stored one has it too.
pub fn cosine(data: &[u8], vector: &[f32]) -> f32 {
    let (step, steps) = parts(data);
    let sum: f32 = steps.iter().zip(vector).map(|(a, b)| f32::from(a.cast_signed()) * b).sum();
    sum * step
}

fn parts(data: &[u8]) -> (f32, &[u8]) {
    match data.split_first_chunk::<4>() {
        Some((step, steps)) => (f32::from_le_bytes(*step), steps),
        None => (0.0, &[]),
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_stored_points_the_same_way(
            pairs in vec((-1.0_f32..1.0, -1.0_f32..1.0), 64..200),
        ) {
            let unit = |numbers: Vec<f32>| {
                let length = numbers.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-6);
                numbers.into_iter().map(|x| x / length).collect::<Vec<f32>>()
            };
            let (a, b): (Vec<f32>, Vec<f32>) = pairs.into_iter().unzip();
            let (a, b) = (unit(a), unit(b));
            let expected: f32 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
            let data = encode(&a);
            prop_assert!((cosine(&data, &b) - expected).abs() < 0.01);
            prop_assert!(decode(&data).zip(&a).all(|(read, x)| (read - x).abs() < 0.005));
        }

        #[test]
        fn damaged_data_is_no_panic(data in vec(any::<u8>(), 0..20)) {
            decode(&data).for_each(drop);
            cosine(&data, &[1.0, 0.0]);
        }
    }
}
