//! The one sound that the console makes.

use wasm_bindgen::JsValue;
use web_sys::{AudioContext, OscillatorType};

/// Two soft tones, a fifth apart: frequency in hertz, and when each begins, in seconds.
const TONES: [(f32, f64); 2] = [(587.3, 0.0), (880.0, 0.16)];
/// How long a tone takes to fade, in seconds.
const FADE: f64 = 0.5;
const LOUDNESS: f32 = 0.06;

/// Rings once. A browser that lets no page sound before the reader has touched it stays silent.
pub fn ring() {
    let _ = play();
}

fn play() -> Result<(), JsValue> {
    let context = AudioContext::new()?;
    for (hertz, begin) in TONES {
        let begin = context.current_time() + begin;
        let tone = context.create_oscillator()?;
        let loudness = context.create_gain()?;
        tone.set_type(OscillatorType::Sine);
        tone.frequency().set_value(hertz);
        // A sudden beginning or end would crack.
        let level = loudness.gain();
        level.set_value_at_time(0.0001, begin)?;
        level.linear_ramp_to_value_at_time(LOUDNESS, begin + 0.02)?;
        level.exponential_ramp_to_value_at_time(0.0001, begin + FADE)?;
        tone.connect_with_audio_node(&loudness)?;
        loudness.connect_with_audio_node(&context.destination())?;
        tone.start_with_when(begin)?;
        tone.stop_with_when(begin + FADE)?;
    }
    Ok(())
}
