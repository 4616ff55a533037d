//! What the browser keeps. Storage may be blocked or full: then the widget works without it, and
//! the conversation lasts as long as the page.

use cavuer_protocol::widget::GuestCredentials;
use cavuer_protocol::{Attachment, Secret, Timestamp};
use web_sys::Storage;

use crate::browser::window;
use crate::json::{Json, object, text};
use crate::outbox::{Outgoing, Upload, UploadState};
use crate::wire::{self, FromJson, decode, id, list};

/// That this browser has a conversation; kept under `cavuer:{token}` for all tabs, for as long as
/// the browser keeps it. A guest is kept with the secret key, an identified user as a mere mark.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Record {
    id: Option<String>,
    key: Option<String>,
    pub user: bool,
    /// `seq` of the last message that was read.
    pub read: i64,
}

impl Record {
    pub fn guest(credentials: &GuestCredentials, read: i64) -> Self {
        Self {
            id: Some(credentials.id.clone()),
            key: Some(credentials.key.expose().to_owned()),
            user: false,
            read,
        }
    }

    pub fn user(read: i64) -> Self {
        Self { user: true, read, ..Self::default() }
    }

    pub fn credentials(&self) -> Option<GuestCredentials> {
        Some(GuestCredentials { id: self.id.clone()?, key: Secret::new(self.key.clone()?) })
    }
}

impl Record {
    fn write(&self) -> String {
        object([
            ("id", self.id.as_deref().and_then(text)),
            ("key", self.key.as_deref().and_then(text)),
            ("user", self.user.then_some(Json::Bool(true))),
            ("read", Some(Json::Number(self.read))),
        ])
        .write()
    }
}

impl FromJson for Record {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            id: json.text("id"),
            key: json.text("key"),
            user: json.is_true("user"),
            read: json.number("read").unwrap_or_default(),
        })
    }
}

/// What is not sent yet; kept for this tab only, so that a reload loses nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsent {
    /// Whose it is, see [`owner_tag`]: what one user wrote is never sent as another.
    pub owner: u32,
    pub draft: String,
    pub outgoing: Vec<Outgoing>,
    /// Those that the server has already; the bytes of others do not outlive the page.
    pub uploads: Vec<Upload>,
}

impl Unsent {
    fn write(&self) -> String {
        let uploads = self.uploads.iter().map(|upload| {
            let message = upload.message.map(|id| Json::Text(wire::written(id.0)));
            object([("file", Some(wire::attachment(&upload.file))), ("message", message)])
        });
        let outgoing = self.outgoing.iter().map(|outgoing| {
            object([
                ("id", text(&wire::written(outgoing.id.0))),
                ("text", text(&outgoing.text)),
                ("at", Some(Json::Number(outgoing.at.0))),
            ])
        });
        object([
            ("owner", Some(Json::Number(self.owner.into()))),
            ("draft", text(&self.draft)),
            ("outgoing", Some(Json::List(outgoing.collect()))),
            ("uploads", Some(Json::List(uploads.collect()))),
        ])
        .write()
    }
}

impl FromJson for Unsent {
    fn from_json(json: &Json) -> Option<Self> {
        let outgoing = json.list("outgoing")?.iter().map(|outgoing| {
            Some(Outgoing {
                id: id(outgoing, "id")?,
                text: outgoing.text("text")?,
                at: Timestamp(outgoing.number("at")?),
            })
        });
        Some(Self {
            owner: json.number("owner")?.try_into().ok()?,
            draft: json.text("draft")?,
            outgoing: outgoing.collect::<Option<_>>()?,
            uploads: list(json, "uploads")?,
        })
    }
}

impl FromJson for Upload {
    fn from_json(json: &Json) -> Option<Self> {
        let file = Attachment::from_json(json.get("file")?)?;
        Some(Self { message: id(json, "message"), state: UploadState::Done, ..Self::new(file) })
    }
}

/// A number that tells a site's users apart without keeping their ids (32-bit FNV-1a).
pub fn owner_tag(user_id: Option<&str>) -> u32 {
    let bytes = user_id.unwrap_or_default().bytes();
    bytes.fold(0x811c_9dc5, |tag, byte| (tag ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

pub struct Store {
    key: String,
    unsent_key: String,
}

impl Store {
    pub fn new(token: &str) -> Self {
        let key = "cavuer:".to_owned() + token;
        let unsent_key = key.clone() + ":unsent";
        Self { key, unsent_key }
    }

    pub fn record(&self) -> Option<Record> {
        decode(&local()?.get_item(&self.key).ok()??)
    }

    pub fn save_record(&self, record: &Record) {
        if let Some(storage) = local() {
            let _ = storage.set_item(&self.key, &record.write());
        }
    }

    pub fn forget_record(&self) {
        if let Some(storage) = local() {
            let _ = storage.remove_item(&self.key);
        }
    }

    pub fn unsent(&self) -> Option<Unsent> {
        decode(&session()?.get_item(&self.unsent_key).ok()??)
    }

    pub fn save_unsent(&self, unsent: &Unsent) {
        let Some(storage) = session() else { return };
        let is_empty =
            unsent.draft.is_empty() && unsent.outgoing.is_empty() && unsent.uploads.is_empty();
        let _ = if is_empty {
            storage.remove_item(&self.unsent_key)
        } else {
            storage.set_item(&self.unsent_key, &unsent.write())
        };
    }
}

fn local() -> Option<Storage> {
    window().local_storage().ok()?
}

fn session() -> Option<Storage> {
    window().session_storage().ok()?
}

#[cfg(test)]
mod tests {
    use cavuer_protocol::{AttachmentContent, AttachmentId, MessageId};

    use super::*;

    #[test]
    fn records_are_small_and_read_back() {
        let guest = Record::guest(&GuestCredentials { id: "v_1".to_owned(), key: "k".into() }, 3);
        for (record, json) in [
            (guest, r#"{"id":"v_1","key":"k","read":3}"#),
            (Record::user(0), r#"{"user":true,"read":0}"#),
        ] {
            assert_eq!(record.write(), json);
            assert!(decode::<Record>(json) == Some(record));
        }
    }

    #[test]
    fn unsent_messages_read_back() {
        let unsent = Unsent {
            owner: owner_tag(Some("john")),
            draft: "half \"a\" word".to_owned(),
            outgoing: vec![Outgoing {
                id: MessageId::from_parts(1, &[2; 10]),
                text: "é".to_owned(),
                at: Timestamp(3),
            }],
            uploads: [None, Some(MessageId::from_parts(1, &[2; 10]))]
                .map(|message| Upload {
                    file: Attachment {
                        id: AttachmentId::from_parts(1, &[3; 10]),
                        name: "é.png".to_owned(),
                        media_type: "image/png".to_owned(),
                        size: 4,
                        content: AttachmentContent::Image { width: 5, height: 6 },
                    },
                    message,
                    state: UploadState::Done,
                })
                .to_vec(),
        };
        assert_eq!(decode::<Unsent>(&unsent.write()), Some(unsent));
    }

    #[test]
    fn owners_differ() {
        let tags = [None, Some("john"), Some("anna")].map(owner_tag);
        assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2]);
    }
}
