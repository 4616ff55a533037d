-- What the reader of an article should know about its text, one note a line.
ALTER TABLE article_state ADD COLUMN notes TEXT NOT NULL DEFAULT '';
