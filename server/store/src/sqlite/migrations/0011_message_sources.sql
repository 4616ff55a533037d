-- The passages that an answer is from, as they were then. They go with the answer and outlive the
-- article.
CREATE TABLE message_source (
    conversation_id BLOB NOT NULL,
    message_id      BLOB NOT NULL,
    -- From 0; the first was used first.
    place           INTEGER NOT NULL,
    title           TEXT NOT NULL,
    page            INTEGER,
    excerpt         TEXT NOT NULL,
    article_id      BLOB REFERENCES article (id) ON DELETE SET NULL,
    PRIMARY KEY (conversation_id, message_id, place),
    -- When conversations are merged, messages move to another one.
    FOREIGN KEY (conversation_id, message_id) REFERENCES message (conversation_id, id)
        ON DELETE CASCADE ON UPDATE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX message_source_by_article ON message_source (article_id);
