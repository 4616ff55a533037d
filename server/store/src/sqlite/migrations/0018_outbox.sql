-- Answers on their way out, where a channel's kind does not show them by itself. A row is written
-- with its message, and goes when the message has arrived.
CREATE TABLE outbox (
    id              INTEGER PRIMARY KEY,
    conversation_id BLOB NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    message_id      BLOB NOT NULL,
    -- Dead: it is not tried any more.
    state           TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'dead')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    -- When it is tried next. Whoever tries it now has until then.
    due_at          INTEGER NOT NULL,
    -- Why the last attempt failed, for people.
    failure         TEXT,
    created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_by_conversation ON outbox (conversation_id);
CREATE INDEX outbox_by_due ON outbox (due_at) WHERE state = 'waiting';
