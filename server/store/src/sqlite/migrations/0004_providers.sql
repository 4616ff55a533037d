-- Model providers that workspaces set up themselves. A key is sealed (XChaCha20-Poly1305) for its
-- workspace and its provider; the hint is what of it may be shown.
CREATE TABLE provider (
    id           BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    kind         TEXT NOT NULL
                 CHECK (kind IN ('openai', 'anthropic', 'google', 'azure', 'compatible')),
    base_url     TEXT NOT NULL,
    sealed_key   BLOB,
    key_hint     TEXT,
    models       TEXT NOT NULL DEFAULT '[]',
    created_at   INTEGER NOT NULL,
    CHECK ((sealed_key IS NULL) = (key_hint IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX provider_by_workspace ON provider (workspace_id);
