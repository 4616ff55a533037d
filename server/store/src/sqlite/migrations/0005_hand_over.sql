-- How an agent hands over to people; an agent without a row does as `HandOver::default` says.
CREATE TABLE hand_over (
    agent_id     BLOB PRIMARY KEY REFERENCES agent (id) ON DELETE CASCADE,
    enabled      INTEGER NOT NULL,
    wait_seconds INTEGER NOT NULL,
    -- `BusinessHours` as JSON; NULL for always.
    hours        TEXT
) STRICT, WITHOUT ROWID;

-- A conversation that wants a person. The row goes when somebody takes over or leaves it to the
-- agent.
CREATE TABLE person_wanted (
    conversation_id BLOB PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
    since           INTEGER NOT NULL,
    reason          TEXT NOT NULL,
    -- Language of the visitor, for what is said when nobody comes.
    language        TEXT NOT NULL,
    -- Until then the agent is silent; NULL when it answers all the same.
    until           INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX person_wanted_until ON person_wanted (until) WHERE until IS NOT NULL;
