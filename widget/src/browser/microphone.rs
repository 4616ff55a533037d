//! Recording what the visitor says.

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::js::{call, construct, global};
use super::{callback, deferred, property, set_property, window};

/// Samples that the level is taken from: at 48,000 a second a good twentieth of one.
const SAMPLES: u32 = 2_048;
/// A sample of silence; they go from 0 to 255.
const SILENCE: u8 = 128;

/// A recording that is going on. The microphone is given back when it is stopped or dropped.
pub struct Microphone {
    stream: JsValue,
    recorder: JsValue,
    parts: Array,
    context: JsValue,
    analyser: JsValue,
}

impl Microphone {
    /// Whether the browser can record on this page at all.
    pub fn is_there() -> bool {
        global("MediaRecorder").is_truthy() && devices().is_truthy()
    }

    /// Asks for the microphone and begins. An error: the visitor refused, or there is none.
    pub async fn start() -> Result<Self, JsValue> {
        let wanted = js_sys::Object::new();
        set_property(&wanted, "audio", &JsValue::TRUE);
        let stream = call(&devices(), "getUserMedia", &[wanted.into()])?;
        let stream = JsFuture::from(stream.dyn_into::<Promise>()?).await?;
        let mut microphone = Self {
            recorder: construct("MediaRecorder", std::slice::from_ref(&stream))?,
            stream,
            parts: Array::new(),
            context: JsValue::UNDEFINED,
            analyser: JsValue::UNDEFINED,
        };
        let parts = microphone.parts.clone();
        let keep = callback(move |event| {
            parts.push(&property(&event, "data"));
        });
        set_property(&microphone.recorder, "ondataavailable", &keep);
        call(&microphone.recorder, "start", &[])?;
        // A recording without a level is as good.
        let _ = microphone.listen();
        Ok(microphone)
    }

    fn listen(&mut self) -> Result<(), JsValue> {
        self.context = construct("AudioContext", &[])?;
        self.analyser = call(&self.context, "createAnalyser", &[])?;
        let source =
            call(&self.context, "createMediaStreamSource", std::slice::from_ref(&self.stream))?;
        call(&source, "connect", std::slice::from_ref(&self.analyser)).map(drop)
    }

    /// How loud it is, from 0 to 1.
    pub fn level(&self) -> f64 {
        let samples = Uint8Array::new_with_length(SAMPLES);
        let heard = call(&self.analyser, "getByteTimeDomainData", &[samples.clone().into()]);
        let loudest = samples.to_vec().into_iter().map(|sample| sample.abs_diff(SILENCE)).max();
        match heard {
            Ok(_) => f64::from(loudest.unwrap_or_default()) / f64::from(SILENCE),
            Err(_) => 0.0,
        }
    }

    /// Records no further, but keeps what there is.
    pub fn pause(&self) {
        // It may have ended by itself, because the microphone was unplugged.
        let _ = call(&self.recorder, "pause", &[]);
    }

    /// Ends the recording and returns it as a `Blob`.
    pub async fn finish(self) -> Result<JsValue, JsValue> {
        if property(&self.recorder, "state") != "inactive" {
            let (stopped, stop) = deferred();
            set_property(&self.recorder, "onstop", &stop);
            call(&self.recorder, "stop", &[])?;
            JsFuture::from(stopped).await?;
        }
        let options = js_sys::Object::new();
        set_property(&options, "type", &property(&self.recorder, "mimeType"));
        construct("Blob", &[self.parts.clone().into(), options.into()])
    }
}

impl Drop for Microphone {
    fn drop(&mut self) {
        // What has ended already cannot be ended again.
        let _ = call(&self.context, "close", &[]);
        if let Ok(tracks) = call(&self.stream, "getTracks", &[]) {
            for track in Array::from(&tracks).iter() {
                let _ = call(&track, "stop", &[]);
            }
        }
    }
}

fn devices() -> JsValue {
    property(&window().navigator(), "mediaDevices")
}
