-- More of what an owner decides about an agent; `cavuer_protocol::console::AgentSettings` says what
-- each means.
ALTER TABLE agent ADD COLUMN fallback_model TEXT;
ALTER TABLE agent ADD COLUMN answer_length TEXT NOT NULL DEFAULT 'medium'
    CHECK (answer_length IN ('short', 'medium', 'long'));
ALTER TABLE agent ADD COLUMN answer_language TEXT;
ALTER TABLE agent ADD COLUMN show_citations INTEGER NOT NULL DEFAULT 1;
ALTER TABLE agent ADD COLUMN history_messages INTEGER NOT NULL DEFAULT 20;
ALTER TABLE agent ADD COLUMN process_images INTEGER NOT NULL DEFAULT 0;
ALTER TABLE agent ADD COLUMN process_audio INTEGER NOT NULL DEFAULT 0;
ALTER TABLE agent ADD COLUMN longest_delay INTEGER NOT NULL DEFAULT 120;
ALTER TABLE agent ADD COLUMN mid_answer TEXT NOT NULL DEFAULT 'wait'
    CHECK (mid_answer IN ('wait', 'restart'));
ALTER TABLE agent ADD COLUMN retention_days INTEGER NOT NULL DEFAULT 30;

-- Agents that are there behave as before: an upgrade must neither delete conversations whose
-- owner has never heard of retention, nor change the longest wait, which was four delays.
UPDATE agent SET retention_days = 0;
UPDATE agent SET longest_delay = 4 * response_delay WHERE response_delay > 0;
