-- Search by meaning: which model makes the vectors of a workspace's passages. Without a row it is
-- off. Another choice is another row, because vectors of different models cannot be compared.
CREATE TABLE meaning_model (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id BLOB NOT NULL UNIQUE REFERENCES workspace (id) ON DELETE CASCADE,
    -- As agents name models: the provider, and its name for the model.
    model        TEXT NOT NULL,
    -- Length of its vectors; NULL until the first is stored.
    dimensions   INTEGER,
    -- What it is worth in each language, as JSON; NULL until that was tried.
    trust        TEXT,
    -- Why it made no vectors the last time it was asked, for people.
    failure      TEXT,
    failed_at    INTEGER
) STRICT;

-- Models that are not chosen any more, as long as there may be vectors of theirs.
CREATE TABLE meaning_garbage (model_id INTEGER PRIMARY KEY) STRICT;
CREATE TRIGGER meaning_model_dropped AFTER DELETE ON meaning_model BEGIN
    INSERT INTO meaning_garbage (model_id) VALUES (old.id);
END;

-- What a passage means to a model. It goes with the passage; vectors of a model that is not chosen
-- any more go bit by bit.
CREATE TABLE passage_vector (
    -- Rises in the order of storing, so that a search finds what is new.
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id INTEGER NOT NULL UNIQUE REFERENCES passage (id) ON DELETE CASCADE,
    -- Of `meaning_model`; no key, because deleting as many at once would hold up everything else.
    model_id   INTEGER NOT NULL,
    -- See `search/vector.rs`.
    data       BLOB NOT NULL
) STRICT;
CREATE INDEX passage_vector_by_model ON passage_vector (model_id, id);
