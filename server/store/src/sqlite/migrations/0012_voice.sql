-- The model that makes voice messages into text; NULL for the first that is at hand.
ALTER TABLE agent ADD COLUMN speech_model TEXT;
