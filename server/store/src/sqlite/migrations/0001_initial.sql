-- Ids are UUIDs of version 7 as 16 bytes; moments are milliseconds since the Unix epoch.

-- Facts about this database as a whole.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
    id            BLOB PRIMARY KEY,
    email         TEXT NOT NULL COLLATE NOCASE UNIQUE,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A signed-in browser. Only the SHA-256 of its cookie is kept.
CREATE TABLE console_session (
    token_hash BLOB PRIMARY KEY,
    user_id    BLOB NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX console_session_by_user ON console_session (user_id);
CREATE INDEX console_session_by_expiry ON console_session (expires_at);

CREATE TABLE workspace (
    id         BLOB PRIMARY KEY,
    name       TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE member (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    user_id      BLOB NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    PRIMARY KEY (workspace_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_by_user ON member (user_id);

CREATE TABLE agent (
    id             BLOB PRIMARY KEY,
    workspace_id   BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    name           TEXT NOT NULL,
    model          TEXT NOT NULL,
    instruction    TEXT NOT NULL DEFAULT '',
    temperature    REAL NOT NULL DEFAULT 0.5,
    response_delay INTEGER NOT NULL DEFAULT 0,
    max_passages   INTEGER NOT NULL DEFAULT 5,
    created_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX agent_by_workspace ON agent (workspace_id);

CREATE TABLE channel (
    id                     BLOB PRIMARY KEY,
    workspace_id           BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    agent_id               BLOB NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    name                   TEXT NOT NULL,
    token                  TEXT NOT NULL UNIQUE,
    enabled                INTEGER NOT NULL DEFAULT 0,
    allowed_domains        TEXT NOT NULL DEFAULT '[]',
    require_identification INTEGER NOT NULL DEFAULT 0,
    merge_guests           INTEGER NOT NULL DEFAULT 1,
    title                  TEXT NOT NULL,
    greeting               TEXT NOT NULL,
    color                  TEXT NOT NULL,
    position               TEXT NOT NULL,
    secret_key             TEXT NOT NULL,
    old_secret_key         TEXT,
    old_key_valid_until    INTEGER,
    created_at             INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_by_agent ON channel (agent_id);
CREATE INDEX channel_by_workspace ON channel (workspace_id);

CREATE TABLE article (
    id           BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    title        TEXT NOT NULL,
    file_name    TEXT,
    chars        INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    -- Last, because a long text spills over into further pages, which lists need not read.
    content      TEXT NOT NULL
) STRICT;
CREATE INDEX article_by_workspace ON article (workspace_id);

CREATE TABLE agent_article (
    agent_id   BLOB NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    article_id BLOB NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    PRIMARY KEY (agent_id, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX agent_article_by_article ON agent_article (article_id);

-- A piece of an article, small enough to be handed to a model.
CREATE TABLE passage (
    id         INTEGER PRIMARY KEY,
    article_id BLOB NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    title      TEXT NOT NULL,
    text       TEXT NOT NULL,
    -- What is searched: `title` and `text` folded, with the bigrams that languages without spaces need.
    title_terms TEXT NOT NULL,
    text_terms  TEXT NOT NULL
) STRICT;
CREATE INDEX passage_by_article ON passage (article_id);

CREATE VIRTUAL TABLE passage_fts USING fts5 (
    title_terms, text_terms,
    content = 'passage', content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER passage_indexed AFTER INSERT ON passage BEGIN
    INSERT INTO passage_fts (rowid, title_terms, text_terms)
    VALUES (new.id, new.title_terms, new.text_terms);
END;
CREATE TRIGGER passage_unindexed AFTER DELETE ON passage BEGIN
    INSERT INTO passage_fts (passage_fts, rowid, title_terms, text_terms)
    VALUES ('delete', old.id, old.title_terms, old.text_terms);
END;

-- Someone who has written in a channel. Guests and the site's own users are different kinds, so
-- that an id of one kind is never taken for the other.
CREATE TABLE visitor (
    id         INTEGER PRIMARY KEY,
    channel_id BLOB NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('guest', 'user')),
    public_id  TEXT NOT NULL,
    -- SHA-256 of the key in a guest's browser; NULL for users, whom the site vouches for.
    key_hash   BLOB,
    name       TEXT,
    email      TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (channel_id, kind, public_id)
) STRICT;

CREATE TABLE conversation (
    id           BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    channel_id   BLOB NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    visitor_id   INTEGER NOT NULL UNIQUE REFERENCES visitor (id) ON DELETE CASCADE,
    -- The person who took over; NULL while the agent answers.
    operator     TEXT,
    last_seq     INTEGER NOT NULL DEFAULT 0,
    -- Up to here the visitor's messages have been answered.
    answered_seq INTEGER NOT NULL DEFAULT 0,
    -- Why the newest question was not answered.
    failure      TEXT,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX conversation_by_activity ON conversation (workspace_id, updated_at);
CREATE INDEX conversation_by_channel ON conversation (channel_id);

CREATE TABLE message (
    conversation_id BLOB NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    seq             INTEGER NOT NULL,
    id              BLOB NOT NULL,
    author          TEXT NOT NULL CHECK (author IN ('visitor', 'agent', 'operator', 'system')),
    author_name     TEXT NOT NULL DEFAULT '',
    text            TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX message_by_id ON message (conversation_id, id);

-- The answer to everything that was asked since the last answer. It is a row before it is work.
CREATE TABLE turn (
    id              BLOB PRIMARY KEY,
    conversation_id BLOB NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    -- The answer's message id, fixed now, so that a second run cannot store a second answer.
    answer_id       BLOB NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    language        TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    due_at          INTEGER NOT NULL,
    attempts        INTEGER NOT NULL DEFAULT 0,
    -- The newest message that the running attempt answers.
    covers_seq      INTEGER,
    finished_at     INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX turn_waiting ON turn (conversation_id) WHERE state = 'waiting';
CREATE UNIQUE INDEX turn_running ON turn (conversation_id) WHERE state = 'running';
CREATE INDEX turn_due ON turn (due_at) WHERE state = 'waiting';
CREATE INDEX turn_by_conversation ON turn (conversation_id);
