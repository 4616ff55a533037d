-- A function that an agent's model may ask for: a request to an address of the owner's choice.
CREATE TABLE function (
    id              BLOB PRIMARY KEY,
    agent_id        BLOB NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    name            TEXT NOT NULL,
    description     TEXT NOT NULL,
    -- JSON Schema of the arguments.
    parameters      TEXT NOT NULL,
    method          TEXT NOT NULL CHECK (method IN ('get', 'post', 'put', 'patch', 'delete')),
    -- With `{placeholders}`.
    address         TEXT NOT NULL,
    timeout_seconds INTEGER NOT NULL,
    enabled         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    UNIQUE (agent_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE function_header (
    function_id BLOB NOT NULL REFERENCES function (id) ON DELETE CASCADE,
    -- In lower case.
    name        TEXT NOT NULL,
    -- The value, sealed for this function and this name.
    sealed      BLOB NOT NULL,
    PRIMARY KEY (function_id, name)
) STRICT, WITHOUT ROWID;

-- What a channel may not use, although its agent may.
CREATE TABLE channel_without_function (
    channel_id  BLOB NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    function_id BLOB NOT NULL REFERENCES function (id) ON DELETE CASCADE,
    PRIMARY KEY (channel_id, function_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_without_function_by_function ON channel_without_function (function_id);

-- A call in a turn. It is a row before it is made, so that a crash never makes it twice unnoticed.
CREATE TABLE function_call (
    id              BLOB PRIMARY KEY,
    conversation_id BLOB NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    turn_id         BLOB NOT NULL,
    -- Rounds of the turn and places in the round, from 0.
    round           INTEGER NOT NULL,
    place           INTEGER NOT NULL,
    -- What the model said before the round; with the round's first call.
    said            TEXT NOT NULL,
    name            TEXT NOT NULL,
    -- As the model wrote them.
    arguments       TEXT NOT NULL,
    -- The provider's name for the call, and what it wants to see again beside it, as JSON.
    provider_id     TEXT NOT NULL,
    seal            TEXT,
    -- Whether making it again does no harm.
    repeatable      INTEGER NOT NULL,
    -- `refused` was never made; of `unknown` nobody knows whether it took effect.
    state           TEXT NOT NULL CHECK (state IN ('begun', 'done', 'failed', 'refused', 'unknown')),
    result          TEXT NOT NULL DEFAULT '',
    -- The newest message of the conversation when it was begun.
    after_seq       INTEGER NOT NULL,
    began_at        INTEGER NOT NULL,
    ended_at        INTEGER,
    UNIQUE (turn_id, round, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX function_call_by_conversation ON function_call (conversation_id, began_at);
