-- Documents become text in the background. A passage belongs to one revision of its article, and
-- searches see those of the live revision only.
ALTER TABLE passage ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
-- Page of the document on which it begins, from 1; NULL for texts without pages.
ALTER TABLE passage ADD COLUMN page INTEGER;

-- Where indexing stands. Not part of `article`, whose last column is long: what comes after that
-- is slow to read.
CREATE TABLE article_state (
    article_id    BLOB PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    -- Number of the newest content; it rises with every change.
    revision      INTEGER NOT NULL,
    -- The revision that is searched; NULL until the first one is ready.
    live_revision INTEGER,
    -- Passages of the live revision.
    passages      INTEGER NOT NULL DEFAULT 0,
    -- `deleted` articles are gone for everybody but the worker, which clears their passages away.
    state         TEXT NOT NULL CHECK (state IN ('queued', 'indexing', 'ready', 'failed', 'deleted')),
    -- Why indexing failed, for people.
    failure       TEXT,
    queued_at     INTEGER NOT NULL,
    -- How often indexing this revision was begun.
    attempts      INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX article_state_in_work ON article_state (queued_at)
    WHERE state IN ('queued', 'indexing', 'deleted');
INSERT INTO article_state (article_id, revision, live_revision, passages, state, queued_at)
SELECT id, 1, 1, (SELECT count(*) FROM passage WHERE article_id = article.id), 'ready', updated_at
FROM article;

-- An uploaded file that waits for being read. It goes as soon as its text is stored.
CREATE TABLE article_file (
    article_id BLOB PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    -- Last, because it is long.
    bytes      BLOB NOT NULL
) STRICT;
