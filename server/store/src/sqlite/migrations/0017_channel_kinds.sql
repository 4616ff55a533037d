-- A channel has a kind. What only the widget has, its way in and its look, moves to a table of its
-- own. Foreign keys are off while migrations run, so that nothing goes with the old table.
CREATE TABLE widget_channel (
    channel_id          BLOB PRIMARY KEY REFERENCES channel (id) ON DELETE CASCADE,
    token               TEXT NOT NULL UNIQUE,
    allowed_domains     TEXT NOT NULL DEFAULT '[]',
    title               TEXT NOT NULL,
    greeting            TEXT NOT NULL,
    color               TEXT NOT NULL,
    position            TEXT NOT NULL,
    secret_key          TEXT NOT NULL,
    old_secret_key      TEXT,
    old_key_valid_until INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO widget_channel
    (channel_id, token, allowed_domains, title, greeting, color, position, secret_key,
     old_secret_key, old_key_valid_until)
SELECT id, token, allowed_domains, title, greeting, color, position, secret_key,
       old_secret_key, old_key_valid_until
FROM channel;

CREATE TABLE channel_with_kind (
    id                     BLOB PRIMARY KEY,
    workspace_id           BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    agent_id               BLOB NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    -- A word that the program knows; a new kind needs no new schema.
    kind                   TEXT NOT NULL,
    -- Whether answers are brought to whoever waits for them, by way of the outbox.
    has_outbox             INTEGER NOT NULL DEFAULT 0,
    name                   TEXT NOT NULL,
    enabled                INTEGER NOT NULL DEFAULT 0,
    require_identification INTEGER NOT NULL DEFAULT 0,
    merge_guests           INTEGER NOT NULL DEFAULT 1,
    attachments            TEXT NOT NULL DEFAULT 'auto'
                           CHECK (attachments IN ('auto', 'on', 'off')),
    daily_answers          INTEGER,
    daily_tokens           INTEGER,
    daily_visitor_answers  INTEGER,
    created_at             INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO channel_with_kind
    (id, workspace_id, agent_id, kind, name, enabled, require_identification, merge_guests,
     attachments, daily_answers, daily_tokens, daily_visitor_answers, created_at)
SELECT id, workspace_id, agent_id, 'widget', name, enabled, require_identification, merge_guests,
       attachments, daily_answers, daily_tokens, daily_visitor_answers, created_at
FROM channel;
DROP TABLE channel;
ALTER TABLE channel_with_kind RENAME TO channel;
CREATE INDEX channel_by_agent ON channel (agent_id);
CREATE INDEX channel_by_workspace ON channel (workspace_id);
