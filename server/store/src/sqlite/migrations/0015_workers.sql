-- The processes that work on turns, as far as they have been seen lately. Turns of one that has
-- not are taken back.
CREATE TABLE worker (
    id      TEXT PRIMARY KEY,
    seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who works on the turn; NULL before the first attempt and between two.
ALTER TABLE turn ADD COLUMN worker TEXT;
