-- Which of the processes in `worker` works on the article; NULL before the first attempt. Articles
-- of one that has not been seen lately are taken back.
ALTER TABLE article_state ADD COLUMN worker TEXT;
