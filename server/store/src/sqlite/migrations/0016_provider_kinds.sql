-- The kind of a provider is whatever the program that set it up knows; a new one needs no new
-- schema. Nothing refers to the table, so that its rows can move.
ALTER TABLE provider RENAME TO provider_before;
CREATE TABLE provider (
    id           BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    base_url     TEXT NOT NULL,
    sealed_key   BLOB,
    key_hint     TEXT,
    models       TEXT NOT NULL DEFAULT '[]',
    created_at   INTEGER NOT NULL,
    CHECK ((sealed_key IS NULL) = (key_hint IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO provider
    (id, workspace_id, name, kind, base_url, sealed_key, key_hint, models, created_at)
SELECT id, workspace_id, name, kind, base_url, sealed_key, key_hint, models, created_at
FROM provider_before;
DROP TABLE provider_before;
CREATE INDEX provider_by_workspace ON provider (workspace_id);
