-- The search index: for each term the passages that have it, in blocks, so that a search reads
-- some kilobytes whatever the number of passages. It is filled from the passages when the
-- database is opened (see `search/write.rs`) and then follows them.
DROP TRIGGER passage_indexed;
DROP TRIGGER passage_unindexed;
DROP TABLE passage_fts;
ALTER TABLE passage DROP COLUMN title_terms;
ALTER TABLE passage DROP COLUMN text_terms;

-- What is searched apart from everything else: one workspace.
CREATE TABLE search_space (
    id           INTEGER PRIMARY KEY,
    workspace_id BLOB NOT NULL UNIQUE REFERENCES workspace (id) ON DELETE CASCADE,
    -- Rises whenever the passages that an agent may use change.
    version      INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Passages that were stored together; their ids follow each other.
CREATE TABLE search_batch (
    -- Id of the first one. Ids of passages are never used again.
    first      INTEGER PRIMARY KEY,
    passages   INTEGER NOT NULL,
    space_id   INTEGER NOT NULL REFERENCES search_space (id) ON DELETE CASCADE,
    article_id BLOB NOT NULL,
    revision   INTEGER NOT NULL,
    -- A set, one bit a language.
    languages  INTEGER NOT NULL,
    -- All words of the passages.
    words      INTEGER NOT NULL,
    -- The passages are gone, and their postings will follow.
    is_garbage INTEGER NOT NULL DEFAULT 0,
    -- The ids of all terms, so that the postings are found again.
    terms      BLOB NOT NULL
) STRICT;
CREATE INDEX search_batch_by_article ON search_batch (article_id, revision);
CREATE INDEX search_batch_by_space ON search_batch (space_id);
CREATE INDEX search_garbage ON search_batch (first) WHERE is_garbage;

CREATE TABLE search_term (
    id       INTEGER PRIMARY KEY,
    space_id INTEGER NOT NULL REFERENCES search_space (id) ON DELETE CASCADE,
    text     TEXT NOT NULL,
    UNIQUE (space_id, text)
) STRICT;

CREATE TABLE search_posting (
    term_id INTEGER NOT NULL REFERENCES search_term (id) ON DELETE CASCADE,
    -- The passages with ids from 1024 × block on.
    block   INTEGER NOT NULL,
    data    BLOB NOT NULL,
    PRIMARY KEY (term_id, block)
) STRICT, WITHOUT ROWID;

-- The next passage's id.
INSERT INTO setting (name, value)
SELECT 'next_passage', coalesce(max(id), 0) + 1 FROM passage;

CREATE TRIGGER search_passage_deleted AFTER DELETE ON passage BEGIN
    UPDATE search_space SET version = version + 1
    WHERE id = (SELECT space_id FROM search_batch WHERE first = old.id);
    UPDATE search_batch SET is_garbage = 1 WHERE first = old.id;
END;
CREATE TRIGGER search_article_linked AFTER INSERT ON agent_article BEGIN
    UPDATE search_space SET version = version + 1
    WHERE workspace_id = (SELECT workspace_id FROM agent WHERE id = new.agent_id);
END;
CREATE TRIGGER search_article_unlinked AFTER DELETE ON agent_article BEGIN
    UPDATE search_space SET version = version + 1
    WHERE workspace_id = (SELECT workspace_id FROM agent WHERE id = old.agent_id);
END;
CREATE TRIGGER search_revision_live AFTER UPDATE OF live_revision ON article_state BEGIN
    UPDATE search_space SET version = version + 1
    WHERE workspace_id = (SELECT workspace_id FROM article WHERE id = new.article_id);
END;
