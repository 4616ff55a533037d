-- What was paid for and brought no answer: attempts that failed or were cut short, hand-overs,
-- voice messages made into text. Nothing in it leads to a visitor.
CREATE TABLE spending (
    id            INTEGER PRIMARY KEY,
    agent_id      BLOB NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    model         TEXT NOT NULL,
    input_tokens  INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    -- Millionths of a US dollar; NULL where no price is known.
    cost_micros   INTEGER,
    created_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX spending_by_agent ON spending (agent_id, created_at);

-- Which passages the words before a call are from, as a JSON list of their fingerprints, with the
-- round's first call.
ALTER TABLE function_call ADD COLUMN cited TEXT NOT NULL DEFAULT '[]';
