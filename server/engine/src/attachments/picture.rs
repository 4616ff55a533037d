//! Images are decoded and written anew: what was not a picture in them is gone, be it the place
//! where a photo was taken or a second file behind the first.

use std::io::Cursor;
use std::num::NonZeroU64;

use gif::{ColorOutput, DecodeOptions, Encoder, MemoryLimit};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};

use cavuer_protocol::limits::ATTACHMENT_BYTES;

/// Longest side of a stored image, in pixels; larger ones are made smaller.
pub(super) const LONGEST_SIDE: u32 = 4_096;
/// Most pixels that are decoded, all pictures of a moving image together: what the largest
/// cameras in telephones make, and no more.
const MOST_PIXELS: u64 = 50_000_000;
/// Most memory for one decoded image, in bytes.
const MOST_MEMORY: u64 = 4 * MOST_PIXELS + 16 * 1024 * 1024;
/// Most pictures of a moving image.
const MOST_FRAMES: usize = 1_000;
/// Longest side of an image that a model is shown, in pixels: providers make larger ones smaller
/// themselves, and charge for the way.
const MODEL_SIDE: u32 = 1_568;
/// Largest image that a model is shown as it is, in bytes; the strictest provider takes 5 MB of
/// base64.
const MODEL_BYTES: usize = 3 * 1024 * 1024;
/// What is hard to see and a third of the size.
const JPEG_QUALITY: u8 = 88;

/// An image as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub format: ImageFormat,
    pub width: u32,
    pub height: u32,
    pub bytes: Vec<u8>,
}

/// Why an image was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PictureRefused {
    /// It cannot be decoded.
    Damaged,
    /// More pixels than [`MOST_PIXELS`].
    TooManyPixels,
}

/// The image written anew. Blocks, for up to seconds.
pub(super) fn rewrite(format: ImageFormat, bytes: &[u8]) -> Result<Picture, PictureRefused> {
    if format == ImageFormat::Gif {
        return rewrite_gif(bytes, MOST_PIXELS);
    }
    let image = decode(format, bytes)?;
    let image = within(image, LONGEST_SIDE);
    // Photos in WebP would grow beyond measure in the lossless WebP that can be written here.
    let wanted = match format {
        ImageFormat::Png => ImageFormat::Png,
        _ if image.color().has_alpha() => ImageFormat::Png,
        _ => ImageFormat::Jpeg,
    };
    let picture = encode(&image, wanted)?;
    if picture.bytes.len() > ATTACHMENT_BYTES {
        return encode(&image, ImageFormat::Jpeg);
    }
    Ok(picture)
}

/// The image as a model is shown it: as it is, or smaller. Blocks.
pub(super) fn for_model(format: ImageFormat, bytes: Vec<u8>) -> Result<Picture, PictureRefused> {
    let (width, height) = ImageReader::with_format(Cursor::new(&bytes), format)
        .into_dimensions()
        .map_err(|_| PictureRefused::Damaged)?;
    let is_small = width.max(height) <= MODEL_SIDE && bytes.len() <= MODEL_BYTES;
    // Of a moving image, the whole: providers look at its first picture.
    if is_small {
        return Ok(Picture { format, width, height, bytes });
    }
    let image = within(decode(format, &bytes)?, MODEL_SIDE);
    let picture = encode(&image, ImageFormat::Png)?;
    if picture.bytes.len() <= MODEL_BYTES / 3 {
        return Ok(picture);
    }
    encode(&image, ImageFormat::Jpeg)
}

fn decode(format: ImageFormat, bytes: &[u8]) -> Result<DynamicImage, PictureRefused> {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(PictureRefused::TooManyPixels);
    }
    // Where the camera's upper side was is metadata, and would be lost.
    let orientation = decoder.orientation().map_err(refused)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(refused)?;
    image.apply_orientation(orientation);
    Ok(image)
}

fn within(image: DynamicImage, side: u32) -> DynamicImage {
    if image.width().max(image.height()) <= side { image } else { image.thumbnail(side, side) }
}

fn encode(image: &DynamicImage, format: ImageFormat) -> Result<Picture, PictureRefused> {
    let mut bytes = Vec::new();
    let written = match format {
        ImageFormat::Jpeg => {
            let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
            on_white(image).write_with_encoder(encoder)
        }
        // Sixteen bits a channel are twice the size, and no screen shows them.
        _ if image.color().has_alpha() => {
            DynamicImage::from(image.to_rgba8()).write_to(&mut Cursor::new(&mut bytes), format)
        }
        _ if image.color().has_color() => {
            DynamicImage::from(image.to_rgb8()).write_to(&mut Cursor::new(&mut bytes), format)
        }
        _ => DynamicImage::from(image.to_luma8()).write_to(&mut Cursor::new(&mut bytes), format),
    };
    written.map_err(refused)?;
    Ok(Picture { format, width: image.width(), height: image.height(), bytes })
}

/// The image without transparency: what was invisible must not turn black.
fn on_white(image: &DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return image.to_rgb8().into();
    }
    let mut flat = image::RgbImage::new(image.width(), image.height());
    for (from, to) in image.to_rgba8().pixels().zip(flat.pixels_mut()) {
        let [r, g, b, alpha] = from.0.map(u16::from);
        let mix = |c: u16| u8::try_from((c * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255);
        to.0 = [mix(r), mix(g), mix(b)];
    }
    flat.into()
}

/// A moving image, picture by picture, in its own colours; all of them together have at most so
/// many pixels.
fn rewrite_gif(bytes: &[u8], most_pixels: u64) -> Result<Picture, PictureRefused> {
    let damaged = |_| PictureRefused::Damaged;
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.check_frame_consistency(true);
    options.set_memory_limit(
        NonZeroU64::new(MOST_PIXELS).map_or(MemoryLimit::Unlimited, MemoryLimit::Bytes),
    );
    let mut decoder = options.read_info(bytes).map_err(damaged)?;
    let (width, height) = (decoder.width(), decoder.height());
    if width == 0 || height == 0 {
        return Err(PictureRefused::Damaged);
    }
    if u32::from(width.max(height)) > LONGEST_SIDE {
        return Err(PictureRefused::TooManyPixels);
    }
    let palette = decoder.global_palette().unwrap_or_default().to_vec();
    let mut written = Vec::new();
    let mut encoder =
        Encoder::new(&mut written, width, height, &palette).map_err(|_| PictureRefused::Damaged)?;
    let (mut pixels, mut frames) = (0, 0);
    while let Some(frame) = decoder.next_frame_info().map_err(damaged)? {
        pixels += u64::from(frame.width) * u64::from(frame.height);
        frames += 1;
        if pixels > most_pixels || frames > MOST_FRAMES {
            return Err(PictureRefused::TooManyPixels);
        }
        let mut frame = frame.clone();
        let mut content = vec![0; decoder.buffer_size()];
        decoder.read_into_buffer(&mut content).map_err(damaged)?;
        frame.buffer = content.into();
        // Rows were put in order while they were decoded.
        frame.interlaced = false;
        if frames == 1 {
            encoder.set_repeat(decoder.repeat()).map_err(|_| PictureRefused::Damaged)?;
        }
        encoder.write_frame(&frame).map_err(|_| PictureRefused::Damaged)?;
    }
    drop(encoder);
    if frames == 0 {
        return Err(PictureRefused::Damaged);
    }
    let (width, height) = (width.into(), height.into());
    Ok(Picture { format: ImageFormat::Gif, width, height, bytes: written })
}

fn refused(error: image::ImageError) -> PictureRefused {
    match error {
        image::ImageError::Limits(_) => PictureRefused::TooManyPixels,
        _ => PictureRefused::Damaged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(width: u32, height: u32) -> DynamicImage {
        image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 90])).into()
    }

    fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    /// A PNG that says it is so large, with next to nothing in it.
    fn bomb(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = written(&image(1, 1), ImageFormat::Png);
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let mut crc = flate2_crc(&bytes[12..29]).to_be_bytes().to_vec();
        bytes.splice(29..33, crc.drain(..));
        bytes
    }

    /// CRC-32 as PNG has it (annex D of its specification).
    fn flate2_crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc: u32, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 }
            })
        })
    }

    #[test]
    fn nothing_but_the_picture_is_left() {
        let secret = b"<script>alert(1)</script>GPS 52.5";
        for (from, to) in [
            (ImageFormat::Png, ImageFormat::Png),
            (ImageFormat::Jpeg, ImageFormat::Jpeg),
            (ImageFormat::WebP, ImageFormat::Jpeg),
            (ImageFormat::Gif, ImageFormat::Gif),
        ] {
            let mut bytes = written(&image(40, 20), from);
            // A file behind the file.
            bytes.extend_from_slice(secret);
            let picture = rewrite(from, &bytes).unwrap();
            assert_eq!((picture.format, picture.width, picture.height), (to, 40, 20), "{from:?}");
            assert!(!picture.bytes.windows(8).any(|part| part == &secret[..8]), "{from:?}");
            let again = decode(to, &picture.bytes).unwrap();
            assert_eq!((again.width(), again.height()), (40, 20));
        }
    }

    #[test]
    fn comments_in_photos_and_moving_images_are_gone() {
        let jpeg = written(&image(8, 8), ImageFormat::Jpeg);
        let mut commented = jpeg[..2].to_vec();
        commented.extend_from_slice(b"\xff\xfe\x00\x0asecret!!");
        commented.extend_from_slice(&jpeg[2..]);
        let gif = written(&image(8, 8), ImageFormat::Gif);
        let mut spoken = gif[..gif.len() - 1].to_vec();
        spoken.extend_from_slice(b"\x21\xfe\x08secret!!\x00\x3b");
        for (format, bytes) in [(ImageFormat::Jpeg, commented), (ImageFormat::Gif, spoken)] {
            assert!(bytes.windows(6).any(|part| part == b"secret"));
            let picture = rewrite(format, &bytes).unwrap();
            assert!(!picture.bytes.windows(6).any(|part| part == b"secret"), "{format:?}");
        }
    }

    #[test]
    fn what_the_camera_says_about_its_upper_side_is_applied() {
        let jpeg = written(&image(40, 20), ImageFormat::Jpeg);
        // An APP1 segment with one EXIF entry: orientation (0x0112) is 6, a quarter turn.
        let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        let mut turned = jpeg[..2].to_vec();
        turned.extend_from_slice(&[0xff, 0xe1, 0, exif.len() as u8 + 2]);
        turned.extend_from_slice(exif);
        turned.extend_from_slice(&jpeg[2..]);
        let picture = rewrite(ImageFormat::Jpeg, &turned).unwrap();
        assert_eq!((picture.width, picture.height), (20, 40));
        assert!(!picture.bytes.windows(4).any(|part| part == b"Exif"));
    }

    #[test]
    fn moving_images_keep_moving() {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 2, 1, &[0, 0, 0, 255, 255, 255]).unwrap();
        encoder.set_repeat(gif::Repeat::Infinite).unwrap();
        for (delay, pixels) in [(10, [0, 1]), (20, [1, 0])] {
            let mut frame = gif::Frame::from_indexed_pixels(2, 1, pixels, None);
            frame.palette = None;
            frame.delay = delay;
            encoder.write_frame(&frame).unwrap();
        }
        drop(encoder);
        let picture = rewrite(ImageFormat::Gif, &bytes).unwrap();
        let mut options = DecodeOptions::new();
        options.set_color_output(ColorOutput::Indexed);
        let mut decoder = options.read_info(picture.bytes.as_slice()).unwrap();
        let mut seen = Vec::new();
        while let Some(frame) = decoder.read_next_frame().unwrap() {
            seen.push((frame.delay, frame.buffer.to_vec()));
        }
        assert_eq!(seen, [(10, vec![0, 1]), (20, vec![1, 0])]);
        assert_eq!(decoder.repeat(), gif::Repeat::Infinite);
    }

    #[test]
    fn large_images_are_made_smaller_and_bombs_are_refused() {
        let wide = written(&image(LONGEST_SIDE + 100, 10), ImageFormat::Png);
        let picture = rewrite(ImageFormat::Png, &wide).unwrap();
        assert_eq!((picture.width, picture.height), (LONGEST_SIDE, 10));

        for (width, height) in [(60_000, 60_000), (7_072, 7_072), (2_000_000_000, 1)] {
            let refused = rewrite(ImageFormat::Png, &bomb(width, height)).unwrap_err();
            assert_eq!(refused, PictureRefused::TooManyPixels, "{width}×{height}");
        }
        let mut gif = written(&image(8, 8), ImageFormat::Gif);
        gif[6..10].copy_from_slice(b"\xff\xff\xff\xff");
        assert_eq!(rewrite(ImageFormat::Gif, &gif), Err(PictureRefused::TooManyPixels));
    }

    #[test]
    fn moving_images_have_only_so_many_pictures_and_pixels() {
        let moving = |frames: usize| {
            let mut bytes = Vec::new();
            let mut encoder = Encoder::new(&mut bytes, 2, 1, &[0, 0, 0, 255, 255, 255]).unwrap();
            for _ in 0..frames {
                let frame = gif::Frame::from_indexed_pixels(2, 1, [0, 1], None);
                encoder.write_frame(&gif::Frame { palette: None, ..frame }).unwrap();
            }
            drop(encoder);
            bytes
        };
        assert!(rewrite(ImageFormat::Gif, &moving(MOST_FRAMES)).is_ok());
        let refused = Err(PictureRefused::TooManyPixels);
        assert_eq!(rewrite(ImageFormat::Gif, &moving(MOST_FRAMES + 1)), refused);
        assert!(rewrite_gif(&moving(10), 20).is_ok());
        assert_eq!(rewrite_gif(&moving(11), 20), refused);
    }

    #[test]
    fn damaged_images_are_refused() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
            let whole = written(&image(40, 20), format);
            let head = &whole[..20.min(whole.len())];
            assert_eq!(rewrite(format, head), Err(PictureRefused::Damaged), "{format:?}");
        }
    }

    #[test]
    fn models_are_shown_what_they_can_use() {
        let small = written(&image(40, 20), ImageFormat::Png);
        assert_eq!(for_model(ImageFormat::Png, small.clone()).unwrap().bytes, small);
        let large = written(&image(MODEL_SIDE * 2, 200), ImageFormat::Png);
        let shown = for_model(ImageFormat::Png, large).unwrap();
        assert_eq!((shown.width, shown.height), (MODEL_SIDE, 100));
        assert!(shown.bytes.len() <= MODEL_BYTES);
    }
}
