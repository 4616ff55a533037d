-- What each answer took. It outlives its conversation, because the owner has paid for it; then
-- nothing in it leads to a visitor any more.
CREATE TABLE answer_usage (
    id                 INTEGER PRIMARY KEY,
    agent_id           BLOB NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    conversation_id    BLOB REFERENCES conversation (id) ON DELETE SET NULL,
    message_id         BLOB NOT NULL,
    model              TEXT NOT NULL,
    -- As the provider counts; NULL if it did not say.
    input_tokens       INTEGER,
    output_tokens      INTEGER,
    first_token_millis INTEGER NOT NULL,
    total_millis       INTEGER NOT NULL,
    -- Millionths of a US dollar; NULL where no price is known.
    cost_micros        INTEGER,
    created_at         INTEGER NOT NULL
) STRICT;
CREATE INDEX answer_usage_by_agent ON answer_usage (agent_id, created_at);
CREATE INDEX answer_usage_by_conversation ON answer_usage (conversation_id, created_at);

-- How much a channel has answered on a day, so that its limits cost one look.
CREATE TABLE channel_day (
    channel_id BLOB NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    -- Days since the Unix epoch, UTC.
    day        INTEGER NOT NULL,
    answers    INTEGER NOT NULL,
    tokens     INTEGER NOT NULL,
    PRIMARY KEY (channel_id, day)
) STRICT, WITHOUT ROWID;

-- Limits per day; NULL for none.
ALTER TABLE channel ADD COLUMN daily_answers INTEGER;
ALTER TABLE channel ADD COLUMN daily_tokens INTEGER;
ALTER TABLE channel ADD COLUMN daily_visitor_answers INTEGER;

-- Conversations past their time are looked for by channel.
DROP INDEX conversation_by_channel;
CREATE INDEX conversation_by_channel ON conversation (channel_id, updated_at);
