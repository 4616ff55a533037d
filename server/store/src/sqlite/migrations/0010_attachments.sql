-- Images, files and voice messages. They are in the database and not beside it, so that a backup is
-- one file of one moment and deleting a conversation cannot leave anything behind.
CREATE TABLE attachment (
    number          INTEGER PRIMARY KEY,
    -- Chosen by the client that uploaded it.
    id              BLOB NOT NULL,
    -- The visitor whose upload it is; NULL for an operator's.
    visitor_id      INTEGER REFERENCES visitor (id) ON DELETE CASCADE,
    -- The operator whose upload it is.
    user_id         BLOB,
    -- A visitor's upload gets its conversation with its message, an operator's has one at once.
    conversation_id BLOB REFERENCES conversation (id) ON DELETE CASCADE,
    -- NULL until it is sent.
    message_id      BLOB,
    -- Its place among the message's attachments, from 0.
    place           INTEGER NOT NULL DEFAULT 0,
    name            TEXT NOT NULL,
    media_type      TEXT NOT NULL,
    size            INTEGER NOT NULL,
    -- Of an image, in pixels.
    width           INTEGER,
    height          INTEGER,
    -- Of a voice message.
    seconds         INTEGER,
    transcript      TEXT,
    -- What a document says, as far as a model is told; NULL until a model has been asked about it,
    -- empty if nothing can be read in it.
    extract         TEXT,
    created_at      INTEGER NOT NULL,
    CHECK (visitor_id IS NOT NULL OR (user_id IS NOT NULL AND conversation_id IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX attachment_of_visitor ON attachment (visitor_id, id)
    WHERE visitor_id IS NOT NULL;
CREATE UNIQUE INDEX attachment_of_conversation ON attachment (conversation_id, id)
    WHERE conversation_id IS NOT NULL;
CREATE INDEX attachment_by_message ON attachment (conversation_id, message_id, place)
    WHERE message_id IS NOT NULL;
CREATE INDEX attachment_unsent ON attachment (created_at) WHERE message_id IS NULL;

-- The bytes, apart, because lists need not read them.
CREATE TABLE attachment_bytes (
    number INTEGER PRIMARY KEY REFERENCES attachment (number) ON DELETE CASCADE,
    bytes  BLOB NOT NULL
) STRICT;

ALTER TABLE channel ADD COLUMN attachments TEXT NOT NULL DEFAULT 'auto'
    CHECK (attachments IN ('auto', 'on', 'off'));
