//! Messages on their way: a pure queue that keeps their order and says when to try again.

use cavuer_protocol::limits::MESSAGE_ATTACHMENTS;
use cavuer_protocol::{Attachment, AttachmentId, MessageId, Timestamp};

/// Tries before the visitor is asked to try again; with the waits between them about a minute.
const TRIES: u32 = 7;
const FIRST_WAIT_MILLIS: f64 = 1_000.0;
const LONGEST_WAIT_MILLIS: f64 = 30_000.0;

/// A message that the server has not confirmed yet. Its id never changes, so that a repeated post
/// is recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    pub id: MessageId,
    pub text: String,
    /// When the visitor sent it, by the browser's clock.
    pub at: Timestamp,
}

/// How it stands with the queue as a whole: one message is in flight, the others wait behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    #[default]
    Sending,
    /// The network or the server failed; the next try comes by itself.
    Waiting,
    /// The server asked to wait for that many seconds.
    Limited { seconds: u32 },
    /// Nothing more happens until the visitor asks for it.
    Stopped,
}

/// A file on its way: first to the server, then with its message. Its id never changes either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// As the browser describes it, and once it is done as the server does.
    pub file: Attachment,
    /// The message that it goes with; `None` while it lies in the composer.
    pub message: Option<MessageId>,
    pub state: UploadState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadState {
    /// So many parts in a hundred have left the browser.
    Pending(u32),
    Done,
    TooLarge,
    WrongKind,
    TooMany,
}

impl Upload {
    pub fn new(file: Attachment) -> Self {
        Self { file, message: None, state: UploadState::Pending(0) }
    }

    pub fn is_pending(&self) -> bool {
        matches!(self.state, UploadState::Pending(_))
    }

    /// Whether a message can take it along, now or when it is done.
    fn can_go(&self) -> bool {
        self.message.is_none() && (self.is_pending() || self.state == UploadState::Done)
    }
}

/// The messages on their way, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbox {
    pub entries: Vec<Outgoing>,
    /// The files of these messages and of the composer, in the order in which they were chosen.
    pub uploads: Vec<Upload>,
    pub delivery: Delivery,
    failures: u32,
}

impl Outbox {
    pub fn push(&mut self, outgoing: Outgoing) {
        self.entries.push(outgoing);
        if self.delivery == Delivery::Stopped {
            self.retry();
        }
    }

    /// The message to post next; `None` while the queue is empty or stopped, or while the next
    /// message waits for its files.
    pub fn head(&self) -> Option<&Outgoing> {
        let next = self.entries.first()?;
        let is_ready = self.delivery != Delivery::Stopped
            && !self.files_of(Some(next.id)).any(Upload::is_pending);
        is_ready.then_some(next)
    }

    /// The file to upload next; `None` while there is none or the queue is stopped.
    pub fn next_upload(&self) -> Option<&Upload> {
        let mut pending = self.uploads.iter().filter(|upload| upload.is_pending());
        pending.next().filter(|_| self.delivery != Delivery::Stopped)
    }

    /// The files of a message, or with `None` of the composer.
    pub fn files_of(&self, message: Option<MessageId>) -> impl Iterator<Item = &Upload> {
        self.uploads.iter().filter(move |upload| upload.message == message)
    }

    pub fn upload_mut(&mut self, id: AttachmentId) -> Option<&mut Upload> {
        self.uploads.iter_mut().find(|upload| upload.file.id == id)
    }

    /// Whether the composer holds a file that can be sent.
    pub fn has_files(&self) -> bool {
        self.uploads.iter().any(Upload::can_go)
    }

    /// Puts a file into the composer. What is one too many says so there, once.
    pub fn add_file(&mut self, mut upload: Upload) {
        if self.uploads.iter().filter(|upload| upload.can_go()).count() >= MESSAGE_ATTACHMENTS {
            self.uploads.retain(|upload| upload.state != UploadState::TooMany);
            upload.state = UploadState::TooMany;
        }
        self.uploads.push(upload);
    }

    /// Lets a message take along what lies in the composer and can be sent.
    pub fn take_along(&mut self, message: MessageId) {
        for upload in self.uploads.iter_mut().filter(|upload| upload.can_go()) {
            upload.message = Some(message);
        }
        self.uploads.retain(|upload| upload.state != UploadState::TooMany);
    }

    pub fn get(&self, id: MessageId) -> Option<&Outgoing> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// How a message stands. What holds up the whole queue is said once, at its end.
    pub fn delivery_of(&self, id: MessageId) -> Option<Delivery> {
        self.get(id)?;
        let is_last = self.entries.last().is_some_and(|last| last.id == id);
        Some(match self.delivery {
            Delivery::Waiting | Delivery::Limited { .. } if !is_last => Delivery::Sending,
            delivery => delivery,
        })
    }

    /// Drops what the server has; returns whether there was any.
    pub fn settle(&mut self, stored: &dyn Fn(MessageId) -> bool) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| !stored(entry.id));
        self.uploads.retain(|upload| !upload.message.is_some_and(stored));
        let settled = self.entries.len() < before;
        if settled {
            self.retry();
        }
        settled
    }

    /// A try failed. Returns how many milliseconds to wait before the next one, or `None` when it
    /// is time to leave the next one to the visitor. `random` is from 0 up to 1.
    pub fn failed(&mut self, random: f64) -> Option<i32> {
        self.failures += 1;
        if self.failures >= TRIES {
            self.delivery = Delivery::Stopped;
            return None;
        }
        self.delivery = Delivery::Waiting;
        Some(backoff(self.failures, random))
    }

    pub fn limited(&mut self, seconds: u32) {
        self.delivery = Delivery::Limited { seconds };
    }

    /// The next try starts now, and a fresh count with it.
    pub fn retry(&mut self) {
        self.failures = 0;
        self.delivery = Delivery::Sending;
    }

    /// Takes messages out that cannot be sent, to give their text back to the visitor. Their files
    /// are in the composer again.
    pub fn take(&mut self, which: &dyn Fn(&Outgoing) -> bool) -> Vec<String> {
        let (taken, kept) =
            std::mem::take(&mut self.entries).into_iter().partition(|entry| which(entry));
        self.entries = kept;
        self.retry();
        let taken: Vec<Outgoing> = taken;
        for upload in &mut self.uploads {
            upload.message = upload.message.filter(|id| taken.iter().all(|entry| entry.id != *id));
        }
        taken.into_iter().map(|entry| entry.text).collect()
    }
}

/// Milliseconds to wait after that many failures in a row: doubling, with half of it left to
/// chance, so that many browsers do not come back at the same moment.
pub fn backoff(failures: u32, random: f64) -> i32 {
    let doubling = f64::from(1_u32 << failures.saturating_sub(1).min(10));
    let longest = (FIRST_WAIT_MILLIS * doubling).min(LONGEST_WAIT_MILLIS);
    (longest * (0.5 + random / 2.0)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outgoing(number: u8) -> Outgoing {
        Outgoing {
            id: MessageId::from_parts(u64::from(number), &[number; 10]),
            text: format!("message {number}"),
            at: Timestamp(0),
        }
    }

    fn outbox(count: u8) -> Outbox {
        let mut outbox = Outbox::default();
        (1..=count).for_each(|number| outbox.push(outgoing(number)));
        outbox
    }

    #[test]
    fn order_is_kept_and_stored_messages_leave() {
        let mut outbox = outbox(3);
        assert_eq!(outbox.head(), Some(&outgoing(1)));
        assert!(outbox.settle(&|id| id == outgoing(1).id));
        assert!(!outbox.settle(&|id| id == outgoing(1).id));
        assert_eq!(outbox.head(), Some(&outgoing(2)));
    }

    #[test]
    fn it_gives_up_after_some_tries_and_starts_again_when_asked() {
        let mut outbox = outbox(2);
        let waits = std::iter::from_fn(|| outbox.failed(0.5)).count();
        assert_eq!(waits, TRIES as usize - 1);
        assert_eq!((outbox.delivery, outbox.head()), (Delivery::Stopped, None));
        outbox.retry();
        assert_eq!(outbox.head(), Some(&outgoing(1)));
    }

    #[test]
    fn what_holds_up_the_queue_is_said_once() {
        let mut outbox = outbox(2);
        outbox.limited(9);
        assert_eq!(outbox.delivery_of(outgoing(1).id), Some(Delivery::Sending));
        assert_eq!(outbox.delivery_of(outgoing(2).id), Some(Delivery::Limited { seconds: 9 }));
        assert_eq!(outbox.delivery_of(outgoing(3).id), None);
    }

    #[test]
    fn a_new_message_wakes_a_stopped_queue() {
        let mut outbox = outbox(1);
        while outbox.failed(0.0).is_some() {}
        outbox.push(outgoing(2));
        assert_eq!(outbox.head(), Some(&outgoing(1)));
    }

    #[test]
    fn refused_messages_go_back_as_text() {
        let mut outbox = outbox(3);
        outbox.limited(9);
        assert_eq!(outbox.take(&|entry| entry.id == outgoing(2).id), ["message 2"]);
        assert_eq!(outbox.take(&|_| true), ["message 1", "message 3"]);
        assert_eq!(outbox, Outbox::default());
    }

    fn file(number: u8) -> Upload {
        Upload::new(Attachment {
            id: AttachmentId::from_parts(u64::from(number), &[number; 10]),
            name: format!("{number}.pdf"),
            media_type: "application/pdf".to_owned(),
            size: 1,
            content: cavuer_protocol::AttachmentContent::File,
        })
    }

    #[test]
    fn a_message_waits_for_its_files() {
        let mut outbox = Outbox::default();
        outbox.add_file(file(7));
        outbox.push(outgoing(1));
        outbox.take_along(outgoing(1).id);
        outbox.push(outgoing(2));
        assert_eq!(outbox.head(), None);
        assert_eq!(outbox.next_upload().map(|upload| upload.file.id), Some(file(7).file.id));
        outbox.upload_mut(file(7).file.id).unwrap().state = UploadState::Done;
        assert_eq!((outbox.head(), outbox.next_upload()), (Some(&outgoing(1)), None));
        outbox.settle(&|id| id == outgoing(1).id);
        assert_eq!((outbox.head(), outbox.uploads.len()), (Some(&outgoing(2)), 0));
    }

    #[test]
    fn refused_files_stay_in_the_composer_and_the_rest_goes() {
        let mut outbox = Outbox::default();
        outbox.add_file(Upload { state: UploadState::WrongKind, ..file(1) });
        assert!(!outbox.has_files());
        outbox.add_file(file(2));
        assert!(outbox.has_files());
        outbox.push(outgoing(1));
        outbox.take_along(outgoing(1).id);
        let left: Vec<_> = outbox.files_of(None).map(|upload| upload.file.id).collect();
        assert_eq!((left, outbox.has_files()), (vec![file(1).file.id], false));
    }

    #[test]
    fn one_file_too_many_says_so_once_and_does_not_go() {
        let mut outbox = Outbox::default();
        (1..=MESSAGE_ATTACHMENTS as u8 + 3).for_each(|number| outbox.add_file(file(number)));
        assert_eq!(outbox.uploads.len(), MESSAGE_ATTACHMENTS + 1);
        assert_eq!(outbox.uploads.last().unwrap().state, UploadState::TooMany);
        outbox.push(outgoing(1));
        outbox.take_along(outgoing(1).id);
        assert_eq!(outbox.files_of(Some(outgoing(1).id)).count(), MESSAGE_ATTACHMENTS);
        assert_eq!(outbox.uploads.len(), MESSAGE_ATTACHMENTS);
    }

    #[test]
    fn files_of_refused_messages_are_in_the_composer_again() {
        let mut outbox = Outbox::default();
        outbox.add_file(file(7));
        outbox.push(outgoing(1));
        outbox.take_along(outgoing(1).id);
        outbox.take(&|entry| entry.id == outgoing(1).id);
        assert!(outbox.has_files());
    }

    #[test]
    fn waits_grow_to_a_bound_and_vary() {
        assert_eq!(backoff(1, 0.0), 500);
        assert_eq!(backoff(3, 1.0), 4_000);
        assert_eq!(backoff(1_000, 1.0), 30_000);
    }
}
