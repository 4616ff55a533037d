//! Documents that mean no good, or were damaged: each is answered in words, soon, and within the
//! limits of the process that reads it.

use cavuer_base::clock;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use cavuer_engine::extraction::{Extractor, ReadError};
use cavuer_text::documents::{ExtractError, Extracted, Kind};

use super::files::{deflated, document, docx, docx_of, page, pdf, stream};
use crate::support::program;

/// Longest time for any of them. Machines that test are busy; none needs a tenth of it.
const TIME: Duration = Duration::from_secs(40);

fn extractor() -> Extractor {
    Extractor { program: program(), time: TIME, ..Extractor::default() }
}

async fn read(name: &str, bytes: &[u8]) -> Result<Extracted, ExtractError> {
    let begin = clock::instant();
    let kind = Kind::of_file(name, bytes)?;
    let read = extractor().read(kind, bytes, |_| ()).await;
    assert!(begin.elapsed() < TIME + Duration::from_secs(5), "{:?}", begin.elapsed());
    read.map_err(|error| match error {
        ReadError::Document(error) => error,
        ReadError::Process(error) => panic!("{error}"),
    })
}

async fn refused(name: &str, bytes: &[u8]) -> ExtractError {
    match read(name, bytes).await {
        Err(error) => error,
        Ok(read) => panic!("{name} was read: {:.200}", read.text),
    }
}

/// Reading may bring text or a refusal, but never the end of the process: that is what
/// [`ExtractError::Unreadable`] means here.
async fn survives(name: &str, bytes: &[u8]) {
    let read = read(name, bytes).await;
    assert_ne!(read, Err(ExtractError::Unreadable), "{name}");
}

const SHOW: &[u8] = b"BT /F 12 Tf 72 700 Td (Tea costs four euros a pot) Tj ET";

#[tokio::test]
async fn the_page_that_the_hostile_ones_are_made_from_is_read() {
    let read = read("a.pdf", &page(SHOW, "", vec![])).await.unwrap();
    assert_eq!(read.text, "Tea costs four euros a pot");
    assert_eq!(self::read("a.docx", &docx("Tea", &[])).await.unwrap().text, "Tea");
}

#[tokio::test]
async fn pictures_of_pages_are_named_as_such() {
    let picture = || {
        stream(
            "/Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8",
            b"x",
        )
    };
    let scan = page(b"q 600 0 0 800 0 0 cm /I Do Q", "/XObject << /I 6 0 R >>", vec![picture()]);
    assert_eq!(refused("a.pdf", &scan).await, ExtractError::Scan);
    assert!(ExtractError::Scan.to_string().contains("OCR"));
    // A page with text and a picture is no scan, and a blank one is only empty.
    let both = [SHOW, b" q /I Do Q"].concat();
    let both = page(&both, "/XObject << /I 6 0 R >>", vec![picture()]);
    assert!(read("a.pdf", &both).await.unwrap().notes.is_empty());
    assert_eq!(refused("a.pdf", &page(b"", "", vec![])).await, ExtractError::Empty);
    // Where only some are pictures, the text is taken and the reader is told.
    let mixed = pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 612 792] /Resources << \
          /Font << /F 7 0 R >> /XObject << /I 8 0 R >> >> >>"
            .to_vec(),
        b"<< /Type /Page /Parent 2 0 R /Contents 5 0 R >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /Contents 6 0 R >>".to_vec(),
        stream("", SHOW),
        stream("", b"/I Do"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
        picture(),
    ]);
    let read = read("a.pdf", &mixed).await.unwrap();
    assert_eq!(read.text, "[Page 1]\n\nTea costs four euros a pot\n\n[Page 2]");
    assert_eq!(read.notes.len(), 1);
    assert!(read.notes[0].english().starts_with("Page 2 is a picture"), "{:?}", read.notes);
}

#[tokio::test]
async fn a_password_is_asked_for_nobody() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hostile");
    let locked = std::fs::read(folder.join("password.pdf")).unwrap();
    assert_eq!(refused("a.pdf", &locked).await, ExtractError::Encrypted);
    // One that only forbids printing opens without a password, as it does in every reader.
    let restricted = std::fs::read(folder.join("no-printing.pdf")).unwrap();
    assert_eq!(read("a.pdf", &restricted).await.unwrap().text, "Tea costs four euros a pot");
    let ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on";
    assert!(refused("a.docx", ole).await.to_string().contains("password"));
}

#[tokio::test]
async fn files_that_break_off_are_refused_in_words_or_read_as_far_as_they_go() {
    for name in ["browser.pdf", "latex.pdf", "word.docx"] {
        let whole = document(name);
        for share in [1, 10, 30, 50, 70, 90, 99] {
            survives(name, &whole[..whole.len() * share / 100]).await;
        }
        let cut = refused("word.docx", &document("word.docx")[..20_000]).await;
        assert!(matches!(cut, ExtractError::Damaged(_)), "{cut}");
    }
    survives("a.pdf", b"%PDF-1.7").await;
    survives("a.docx", b"PK\x03\x04").await;
    // Bytes that were changed on their way.
    let whole = document("libreoffice.pdf");
    for step in [7, 61, 503] {
        let mut changed = whole.clone();
        changed.iter_mut().skip(20).step_by(step * 13).for_each(|byte| *byte ^= 0x55);
        survives("a.pdf", &changed).await;
    }
}

#[tokio::test]
async fn pages_that_lead_back_to_themselves_end() {
    let endless = pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 99999999 >>".to_vec(),
        b"<< /Type /Pages /Kids [2 0 R 3 0 R 3 0 R] /Parent 2 0 R >>".to_vec(),
    ]);
    let error = refused("a.pdf", &endless).await;
    assert!(matches!(error, ExtractError::Damaged(_) | ExtractError::Empty), "{error}");
    // A form that draws itself, and forms that each draw the next one ten times.
    let itself =
        stream("/Type /XObject /Subtype /Form /Resources << /XObject << /X 6 0 R >> >>", b"/X Do");
    survives("a.pdf", &page(b"/X Do", "/XObject << /X 6 0 R >>", vec![itself])).await;
    let forms: Vec<Vec<u8>> = (0..20)
        .map(|n| {
            let next = 7 + n;
            let entries = format!(
                "/Type /XObject /Subtype /Form /Resources << /XObject << /X {next} 0 R >> >>"
            );
            stream(&entries, "/X Do ".repeat(10).as_bytes())
        })
        .collect();
    // Which limit it meets first depends on the machine.
    let many = page(b"/X Do", "/XObject << /X 6 0 R >>", forms);
    let quick = Extractor { time: Duration::from_secs(4), ..extractor() };
    let error = quick.read(Kind::Pdf, &many, |_| ()).await.unwrap_err();
    let ReadError::Document(error) = error else { panic!("{error}") };
    assert!(matches!(error, ExtractError::Bomb | ExtractError::TooSlow(_)), "{error}");
    // The table of contents of the file names itself as the one before.
    let mut looping = page(SHOW, "", vec![]);
    let table = looping.windows(5).rposition(|window| window == b"xref\n").unwrap() - 5;
    let text = String::from_utf8(looping.split_off(table)).unwrap();
    let place = table + text.find("xref").unwrap();
    looping.extend(text.replace("/Root", &format!("/Prev {place} /Root")).into_bytes());
    survives("a.pdf", &looping).await;
}

/// A page with this content, packed.
fn packed(content: &[u8], times: usize, to_unicode: &str) -> Vec<u8> {
    pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
            .to_vec(),
        stream("/Filter /FlateDecode", &deflated(content, times)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>".to_vec(),
        stream("", to_unicode.as_bytes()),
    ])
}

#[tokio::test]
async fn what_unpacks_to_more_than_it_should_is_stopped() {
    // A page that would fill the memory which the process may have.
    let bomb = packed(&vec![b' '; 1024 * 1024], 160, "");
    assert!(bomb.len() < 400 * 1024, "{}", bomb.len());
    let small = Extractor { memory: 128 * 1024 * 1024, ..extractor() };
    let error = small.read(Kind::Pdf, &bomb, |_| ()).await.unwrap_err();
    assert!(matches!(error, ReadError::Document(ExtractError::TooMuchMemory)), "{error}");
    // The same as a Word document.
    let blank = " ".repeat(65 * 1024 * 1024);
    assert_eq!(refused("a.docx", &docx(&blank, &[])).await, ExtractError::Bomb);
    // And a font whose every sign stands for a long text.
    let unicode = "0054006500610020".repeat(60);
    let map = format!(
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> \
         endcodespacerange 1 beginbfchar <41> <{unicode}> endbfchar endcmap end"
    );
    let content = format!("BT /F 1 Tf ({}) Tj ET", "A".repeat(120_000));
    let error = refused("a.pdf", &packed(content.as_bytes(), 1, &map)).await;
    assert_eq!(error, ExtractError::TooMuchText);
}

#[tokio::test]
async fn too_many_pages_are_counted_and_not_read() {
    let kids: String = (0..2_001).map(|n| format!("{} 0 R ", n + 3)).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{kids}] /Count 2001 >>").into_bytes(),
    ];
    objects.extend((0..2_001).map(|_| b"<< /Type /Page /Parent 2 0 R >>".to_vec()));
    assert_eq!(refused("a.pdf", &pdf(&objects)).await, ExtractError::TooManyPages(2_000));
}

#[tokio::test]
async fn brackets_without_end_harm_nobody() {
    for bracket in ["[", "<<", "(", "<< /A "] {
        let deep = bracket.repeat(300_000);
        // Whatever becomes of the process, it is over soon and there are words for it.
        refused("a.pdf", &pdf(&[deep.clone().into_bytes()])).await;
        let content = [deep.as_bytes(), SHOW].concat();
        let _ = read("a.pdf", &page(&content, "", vec![])).await;
    }
    let deep = format!("{}Tea", "<w:p>".repeat(100_000));
    let error = refused("a.docx", &docx_of(&deep, &[])).await;
    assert!(matches!(error, ExtractError::Damaged(_)), "{error}");
    let html = format!("{}Tea", "<div><table><ul>".repeat(100_000));
    assert_eq!(read("a.html", html.as_bytes()).await.unwrap().text, "Tea");
}

#[tokio::test]
async fn entities_of_a_document_are_never_expanded() {
    let laughs: String = (1..10)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let document = |entity: &str| {
        format!(
            "<!DOCTYPE w:document [<!ENTITY l0 \"laugh\">{laughs}\
             <!ENTITY file SYSTEM \"file:///etc/passwd\">]>\
             <w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>{entity}</w:t></w:r></w:p></w:body>\
             </w:document>"
        )
    };
    for entity in ["&l9;", "&file;"] {
        let error = refused("a.docx", &docx_of(&document(entity), &[])).await;
        assert!(matches!(error, ExtractError::Damaged(_)), "{error}");
    }
    // One that nobody declared is nothing.
    assert_eq!(
        read("a.docx", &docx("Tea &file; &amp; milk", &[])).await.unwrap().text,
        "Tea & milk"
    );
}

#[tokio::test]
async fn macros_are_refused_and_links_elsewhere_are_left_alone() {
    let error = refused("a.docx", &docx("Tea", &[("word/vbaProject.bin", "x")])).await;
    assert_eq!(error, ExtractError::Macros);
    let types = "<Types><Override PartName=\"/word/document.xml\" ContentType=\
                 \"application/vnd.ms-word.document.macroEnabled.main+xml\"/></Types>";
    let error = refused("a.docx", &docx("Tea", &[("[Content_Types].xml", types)])).await;
    assert_eq!(error, ExtractError::Macros);

    let relation = |kind: &str| {
        format!(
            "<Relationships><Relationship Id=\"r9\" TargetMode=\"External\" \
             Target=\"http://127.0.0.1:1/template.dotm\" Type=\"http://schemas.openxmlformats.org/\
             officeDocument/2006/relationships/{kind}\"/></Relationships>"
        )
    };
    for (part, kind) in [
        ("word/_rels/settings.xml.rels", "attachedTemplate"),
        ("word/_rels/document.xml.rels", "image"),
    ] {
        let read = read("a.docx", &docx("Tea", &[(part, &relation(kind))])).await.unwrap();
        assert_eq!((read.text.as_str(), read.notes.len()), ("Tea", 1));
        assert!(read.notes[0].english().contains("were not opened"), "{:?}", read.notes);
    }
    // An ordinary link is nothing to speak of.
    let link = relation("hyperlink");
    let read = read("a.docx", &docx("Tea", &[("word/_rels/document.xml.rels", &link)])).await;
    assert!(read.unwrap().notes.is_empty());
    // Other archives are no Word documents.
    let sheet = docx_of("", &[("_rels/.rels", "<Relationships/>"), ("word/document.xml", "")]);
    refused("a.docx", &sheet).await;
}

#[tokio::test]
async fn a_page_s_scripts_are_no_text() {
    let html = b"<title>x</title><script>alert('evil')</script><p onclick=evil()>Tea</p>\
        <img src=x onerror=evil()><iframe srcdoc='<p>evil</p>'></iframe><a href='javascript:evil()'>cup</a>";
    assert_eq!(read("a.html", html).await.unwrap().text, "Tea\n\ncup");
}

/// A program in the place of ours.
fn stand_in(folder: &Path, script: &str) -> std::path::PathBuf {
    let file = folder.join("reader");
    std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o700)).unwrap();
    file
}

#[tokio::test]
async fn a_process_that_does_not_end_is_killed_and_inherits_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display();
    let script = format!("echo $$ > {path}/id; env > {path}/env; exec /bin/sleep 600");
    let time = Duration::from_millis(600);
    let program = stand_in(folder.path(), &script);
    let extractor = Extractor { program, time, ..Extractor::default() };
    let error = extractor.read(Kind::Text, b"Tea", |_| ()).await.unwrap_err();
    assert!(matches!(error, ReadError::Document(ExtractError::TooSlow(_))), "{error}");

    let id = std::fs::read_to_string(folder.path().join("id")).unwrap();
    assert!(!Path::new("/proc").join(id.trim()).exists(), "process {id} lives");
    let environment = std::fs::read_to_string(folder.path().join("env")).unwrap();
    for line in environment.lines() {
        let name = line.split('=').next().unwrap_or_default();
        assert!(["PWD", "OLDPWD", "SHLVL", "_"].contains(&name), "{line}");
    }
}

#[tokio::test]
async fn the_process_takes_limits_upon_itself() {
    // With so little memory it cannot even take the file in.
    let extractor = Extractor { memory: 24 * 1024 * 1024, ..extractor() };
    let error = extractor.read(Kind::Text, &vec![b'a'; 10_000_000], |_| ()).await.unwrap_err();
    assert!(
        matches!(
            error,
            ReadError::Document(ExtractError::TooMuchMemory | ExtractError::Unreadable)
        ),
        "{error}"
    );
    // The same file is no trouble otherwise.
    let read = self::extractor().read(Kind::Text, &vec![b'a'; 10_000_000], |_| ()).await;
    assert_eq!(read.unwrap().text.len(), 10_000_000);
}

#[tokio::test]
async fn answers_of_the_process_are_not_believed_blindly() {
    let folder = tempfile::tempdir().unwrap();
    for script in ["echo nonsense", "exit 3", "kill -SEGV $$", "cat /dev/zero", "yes Tea"] {
        let program = stand_in(folder.path(), script);
        let extractor = Extractor { program, time: Duration::from_secs(3), ..Extractor::default() };
        let error = extractor.read(Kind::Text, b"Tea", |_| ()).await.unwrap_err();
        assert!(matches!(error, ReadError::Document(_)), "{script}: {error}");
    }
    let nobody = Extractor { program: folder.path().join("nobody"), ..Extractor::default() };
    let error = nobody.read(Kind::Text, b"Tea", |_| ()).await.unwrap_err();
    assert!(matches!(error, ReadError::Process(_)), "{error}");
}
